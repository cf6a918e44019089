/** Whether a library of Google's has stopped before it asked for anything: no credentials, a file of them that cannot be used, or none that can be renewed. */
export function isSignedOut(message: string): boolean {
  return /default credentials|GOOGLE_APPLICATION_CREDENTIALS|invalid_grant|invalid_rapt/i.test(message);
}

/** What a person does about it. */
export const SIGN_IN = 'run gcloud auth application-default login, or set GOOGLE_APPLICATION_CREDENTIALS';

/** Whether a message ends by telling a person to. */
export function asksToSignIn(message: string): boolean {
  return message.endsWith(SIGN_IN);
}
