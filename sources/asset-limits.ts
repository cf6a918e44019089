/** Longest id, in characters. */
export const MAX_ID_LENGTH = 500;
/** Most images of one asset. */
export const MAX_IMAGES = 200;
/** Every asset travels through Temporal's history, so it has to stay small. */
export const MAX_ASSET_BYTES = 16_384;
