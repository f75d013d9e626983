export type LoginError = 'loginMissing' | 'loginShape' | null;

/** AUTH-02: a login is an extension, an @ and a domain. */
export function loginError(login: string): LoginError {
  const value = login.trim();
  if (value === '') return 'loginMissing';
  return /^[^@\s]+@[^@\s]+$/.test(value) ? null : 'loginShape';
}
