import i18next from 'i18next';
import { initReactI18next } from 'react-i18next';
import { en, type Translations } from './en';
import { fr } from './fr';
import { nl } from './nl';

declare module 'i18next' {
  interface CustomTypeOptions {
    defaultNS: 'translation';
    resources: { translation: Translations };
  }
}

export const languages = ['en', 'fr', 'nl'] as const;
export type Language = (typeof languages)[number];

const key = 'language';
const isLanguage = (value: unknown): value is Language => languages.includes(value as Language);

/** What was chosen in this browser, else the first of the browser's own languages that we speak, else English. */
export function preferredLanguage(chosen: string | null, browser: readonly string[]): Language {
  if (isLanguage(chosen)) return chosen;
  return browser.map((tag) => tag.slice(0, 2).toLowerCase()).find(isLanguage) ?? 'en';
}

export function startI18n(language: Language): typeof i18next {
  void i18next.use(initReactI18next).init({
    resources: { en: { translation: en }, fr: { translation: fr }, nl: { translation: nl } },
    lng: language,
    fallbackLng: 'en',
    initAsync: false,
    interpolation: { escapeValue: false }, // React escapes
  });
  return i18next;
}

export function startI18nInBrowser(): void {
  const show = (language: string) => {
    document.documentElement.lang = language;
  };
  i18next.on('languageChanged', show);
  startI18n(preferredLanguage(localStorage.getItem(key), navigator.languages));
  show(i18next.language);
}

export function chooseLanguage(language: Language): void {
  localStorage.setItem(key, language);
  void i18next.changeLanguage(language);
}

export const currentLanguage = (): Language => (isLanguage(i18next.language) ? i18next.language : 'en');
