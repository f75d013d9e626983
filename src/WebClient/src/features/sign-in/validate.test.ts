import { expect, test } from 'vitest';
import { loginError } from './validate';

test.each([
  ['100@demo.localhost', null],
  [' 100@demo.localhost ', null],
  ['', 'loginMissing'],
  ['   ', 'loginMissing'],
  ['100', 'loginShape'],
  ['@demo.localhost', 'loginShape'],
  ['100@', 'loginShape'],
  ['1@2@3', 'loginShape'],
])('AUTH-02: “%s” is %s', (login, error) => expect(loginError(login)).toBe(error));
