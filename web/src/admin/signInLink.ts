/** The address that signs somebody in; the secret stands where no server is told it. */
export function signInLink(secret: string): string {
  return `${location.origin}/sign-in#${secret}`;
}
