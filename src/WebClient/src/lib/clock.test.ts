import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { Clock } from './clock';

beforeEach(() => {
  vi.useFakeTimers({ now: 1_000_400 });
});
afterEach(() => {
  vi.useRealTimers();
});

test('it ticks once a second, on the second, for all who look', () => {
  const clock = new Clock();
  const [one, two] = [vi.fn(), vi.fn()];
  const leave = [clock.subscribe(one), clock.subscribe(two)];

  vi.advanceTimersByTime(3_000);

  expect([one, two].map((listener) => listener.mock.calls.length)).toEqual([3, 3]);
  expect(clock.seconds()).toBe(1_003);
  expect(vi.getTimerCount()).toBe(1);
  for (const stop of leave) stop();
  expect(vi.getTimerCount()).toBe(0);
});

test('the server’s time corrects it, by the middle of the request', () => {
  const clock = new Clock();

  clock.correct(1_060_000, 1_000_000, 1_000_400);

  expect(clock.now()).toBe(1_060_200);
});

test('a correction within the error of the measurement is left, so that timers don’t jump', () => {
  const clock = new Clock();
  clock.correct(1_060_000, 1_000_000, 1_000_400);

  clock.correct(1_060_200, 1_000_000, 1_000_400);
  clock.correct(Number.NaN, 0, 0);

  expect(clock.now()).toBe(1_060_200);
});
