import { Menu, UnstyledButton } from '@mantine/core';
import { LogOut } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { PersonAvatar } from '@/components/person-avatar';
import { LanguageItems, SchemeItems } from '@/components/preferences';
import { usePerson, usePresenceIsKnown } from '@/lib/live/use-live';
import classes from './me-menu.module.css';
import { useSession } from './session';

/** Below 768 px: what the head of the phone panel has on wider screens. */
export function MeMenu() {
  const { t } = useTranslation();
  const { me, signOut } = useSession();
  const person = usePerson(me.extension);
  const isKnown = usePresenceIsKnown();
  const status = person && isKnown ? person.status : 'unknown';
  return (
    <div className={classes.holder}>
      <Menu position="bottom-end" width={240} shadow="md">
        <Menu.Target>
          <UnstyledButton className={classes.target} aria-label={`${t('app.you')}: ${t(`status.${status}`)}`}>
            <PersonAvatar name={me.displayName} status={status} size="md" />
          </UnstyledButton>
        </Menu.Target>
        <Menu.Dropdown>
          <Menu.Label className={classes.label}>
            {me.displayName} · {me.extension}
          </Menu.Label>
          <Menu.Divider />
          <Menu.Label>{t('language.label')}</Menu.Label>
          <LanguageItems />
          <Menu.Divider />
          <Menu.Label>{t('scheme.label')}</Menu.Label>
          <SchemeItems />
          <Menu.Divider />
          <Menu.Item leftSection={<LogOut size={16} aria-hidden="true" />} onClick={signOut}>
            {t('phone.signOut')}
          </Menu.Item>
        </Menu.Dropdown>
      </Menu>
    </div>
  );
}
