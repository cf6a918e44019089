/** How often, and after how long, a job is looked for whose id is known to be taken: it may be found a little later only. */
export const [LOOKS, LOOK_AGAIN_MS] = [20, 250];
