import { Button, PasswordInput, TextInput } from '@mantine/core';
import { TriangleAlert } from 'lucide-react';
import { type FormEvent, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { BrandMark } from '@/components/brand';
import { LanguageMenu, SchemeMenu } from '@/components/preferences';
import { Problem, signIn } from '@/lib/api/http';
import { usePageTitle } from '@/lib/title';
import classes from './sign-in.module.css';
import { loginError } from './validate';

type Refusal = { kind: 'wrong' | 'unreachable' | 'failed' } | { kind: 'tooMany'; seconds: number };

const refusalOf = (error: unknown): Refusal => {
  if (!(error instanceof Problem)) return { kind: 'failed' };
  if (error.status === 401) return { kind: 'wrong' };
  if (error.status === 429) return { kind: 'tooMany', seconds: error.retryAfter ?? 60 };
  return { kind: error.status === 0 ? 'unreachable' : 'failed' };
};

/** AUTH-01 to AUTH-03. Keeps nothing: what the browser remembers is its password manager's. */
export function SignInPage({ onSignedIn }: { onSignedIn: () => void }) {
  const { t } = useTranslation();
  const [login, setLogin] = useState('');
  const [password, setPassword] = useState('');
  const [left, setLeft] = useState({ login: false, password: false });
  const [visible, setVisible] = useState(false);
  const [busy, setBusy] = useState(false);
  const [refusal, setRefusal] = useState<Refusal | null>(null);
  const loginField = useRef<HTMLInputElement>(null);
  const passwordField = useRef<HTMLInputElement>(null);
  usePageTitle(`${t('signIn.title')} · ${t('app.name')}`);

  const wrongLogin = loginError(login);
  const wrongPassword = password === '' ? ('passwordMissing' as const) : null;
  const shown = (error: 'loginMissing' | 'loginShape' | 'passwordMissing' | null, wasLeft: boolean) =>
    wasLeft && error ? (
      <span className={classes.error}>
        <TriangleAlert size={14} aria-hidden="true" />
        {t(`signIn.${error}`)}
      </span>
    ) : null;

  async function submit(event: FormEvent) {
    event.preventDefault();
    if (busy) return;
    setLeft({ login: true, password: true });
    if (wrongLogin) return loginField.current?.focus();
    if (wrongPassword) return passwordField.current?.focus();
    setBusy(true);
    setRefusal(null);
    try {
      await signIn(login.trim(), password);
      onSignedIn();
    } catch (error) {
      setRefusal(refusalOf(error));
      setBusy(false);
      passwordField.current?.select();
      passwordField.current?.focus();
    }
  }

  return (
    <div className={classes.page}>
      <div className={classes.corner}>
        <SchemeMenu />
        <LanguageMenu />
      </div>
      <main className={classes.card}>
        <div className={classes.brand}>
          <BrandMark />
          <span>{t('app.name')}</span>
        </div>
        <h1>{t('signIn.title')}</h1>
        <form className={classes.form} onSubmit={submit} noValidate>
          <TextInput
            ref={loginField}
            label={t('signIn.login')}
            description={t('signIn.loginHelp')}
            inputWrapperOrder={['label', 'input', 'description', 'error']}
            name="username"
            autoComplete="username"
            autoCapitalize="none"
            autoCorrect="off"
            spellCheck={false}
            inputMode="email"
            autoFocus
            value={login}
            onChange={(event) => setLogin(event.currentTarget.value)}
            onBlur={() => setLeft((was) => ({ ...was, login: was.login || login !== '' }))}
            error={shown(wrongLogin, left.login)}
          />
          <PasswordInput
            ref={passwordField}
            label={t('signIn.password')}
            name="password"
            autoComplete="current-password"
            value={password}
            onChange={(event) => setPassword(event.currentTarget.value)}
            error={shown(wrongPassword, left.password)}
            visible={visible}
            onVisibilityChange={setVisible}
            visibilityToggleButtonProps={{ 'aria-label': t(visible ? 'signIn.hide' : 'signIn.show'), tabIndex: 0 }}
          />
          <div role="alert" className={classes.alert}>
            {refusal && (
              <p className={classes.refusal}>
                <TriangleAlert size={16} aria-hidden="true" />
                <span>{refusal.kind === 'tooMany' ? t('signIn.tooMany', { count: refusal.seconds }) : t(`signIn.${refusal.kind}`)}</span>
              </p>
            )}
          </div>
          <Button type="submit" fullWidth size="md" aria-disabled={busy || undefined} data-busy={busy || undefined}>
            {busy ? t('signIn.busy') : t('signIn.submit')}
          </Button>
        </form>
      </main>
    </div>
  );
}
