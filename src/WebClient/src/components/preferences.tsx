import { ActionIcon, Menu, Tooltip } from '@mantine/core';
import { Check, Monitor, Moon, Sun } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { chooseLanguage, languages } from '@/lib/i18n/i18n';
import { type Scheme, schemes, useScheme } from '@/lib/use-scheme';
import classes from './preferences.module.css';

const icons = { auto: Monitor, light: Sun, dark: Moon };

export function LanguageMenu() {
  const { t, i18n } = useTranslation();
  return (
    <Menu position="bottom-end" width={180} shadow="md">
      <Tooltip label={t('language.label')}>
        <Menu.Target>
          <ActionIcon
            className={classes.language}
            color="ink"
            aria-label={`${i18n.language.toUpperCase()} · ${t('language.label')}: ${t(`language.${i18n.language as 'en'}`)}`}
          >
            {i18n.language.toUpperCase()}
          </ActionIcon>
        </Menu.Target>
      </Tooltip>
      <Menu.Dropdown>
        <LanguageItems />
      </Menu.Dropdown>
    </Menu>
  );
}

export function LanguageItems() {
  const { t, i18n } = useTranslation();
  return languages.map((language) => (
    <Menu.Item key={language} lang={language} rightSection={mark(i18n.language === language)} onClick={() => chooseLanguage(language)}>
      {t(`language.${language}`)}
    </Menu.Item>
  ));
}

export function SchemeMenu() {
  const { t } = useTranslation();
  const { scheme } = useScheme();
  const Icon = icons[scheme];
  return (
    <Menu position="bottom-end" width={200} shadow="md">
      <Tooltip label={t('scheme.label')}>
        <Menu.Target>
          <ActionIcon color="ink" aria-label={`${t('scheme.label')}: ${t(`scheme.${scheme}`)}`}>
            <Icon size={18} aria-hidden="true" />
          </ActionIcon>
        </Menu.Target>
      </Tooltip>
      <Menu.Dropdown>
        <SchemeItems />
      </Menu.Dropdown>
    </Menu>
  );
}

export function SchemeItems() {
  const { t } = useTranslation();
  const { scheme, choose } = useScheme();
  return schemes.map((each: Scheme) => {
    const Icon = icons[each];
    return (
      <Menu.Item
        key={each}
        leftSection={<Icon size={16} aria-hidden="true" />}
        rightSection={mark(scheme === each)}
        onClick={() => choose(each)}
      >
        {t(`scheme.${each}`)}
      </Menu.Item>
    );
  });
}

const mark = (isChosen: boolean) => (isChosen ? <Check size={16} aria-hidden="true" /> : null);
