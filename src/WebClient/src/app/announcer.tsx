import { useTranslation } from 'react-i18next';
import { useMyCalls } from '@/lib/live/use-live';

/** Tells a screen reader of a call at once; what it says does not tick. */
export function Announcer() {
  const { t } = useTranslation();
  const call = useMyCalls().find((each) => each.state !== 'ended');
  const name = call?.name ?? call?.number ?? '';
  const key = !call
    ? null
    : call.state === 'answered'
      ? 'phone.callWith'
      : call.direction === 'inbound'
        ? 'phone.callFrom'
        : 'phone.callTo';
  return (
    <p className="sr" role="alert">
      {key && t(key, { name })}
    </p>
  );
}
