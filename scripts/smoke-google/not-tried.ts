/** What cannot be tried here; its sentence says why. */
export class NotTried extends Error {
  override name = 'NotTried';
}
