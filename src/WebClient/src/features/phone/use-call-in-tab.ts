import { useEffect } from 'react';
import { useTranslation } from 'react-i18next';
import { clock } from '@/lib/clock';
import { clockTime } from '@/lib/format';
import { useMyCalls } from '@/lib/live/use-live';
import { showCallInTab } from '@/lib/title';

/** The tab says who calls, and for how long: the page may be hidden. */
export function useCallInTab(): void {
  const { t } = useTranslation();
  const call = useMyCalls().find((each) => each.state !== 'ended');
  useEffect(() => {
    if (!call) return showCallInTab(null, false);
    const isIncoming = call.state === 'ringing' && call.direction === 'inbound';
    const show = () => {
      const values = { time: clockTime(clock.now() - Date.parse(call.since)), name: call.name ?? call.number };
      showCallInTab(t(isIncoming ? 'phone.isCalling' : 'phone.talkingTitle', values), isIncoming);
    };
    show();
    return clock.subscribe(show);
  }, [call, t]);
  useEffect(() => () => showCallInTab(null, false), []);
}
