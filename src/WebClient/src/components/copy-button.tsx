import { ActionIcon, Button, Tooltip } from '@mantine/core';
import { useClipboard } from '@mantine/hooks';
import { Check, Copy } from 'lucide-react';
import { useTranslation } from 'react-i18next';

/** Copies a value and says so. */
export function CopyButton({ value, label, withText = false }: { value: string; label: string; withText?: boolean }) {
  const { t } = useTranslation();
  const clipboard = useClipboard({ timeout: 2_000 });
  const icon = clipboard.copied ? <Check size={16} aria-hidden="true" /> : <Copy size={16} aria-hidden="true" />;
  const words = clipboard.copied ? t('app.copied') : label;
  if (withText) {
    return (
      <Button variant="subtle" size="compact-sm" color="ink" leftSection={icon} onClick={() => clipboard.copy(value)}>
        {words}
      </Button>
    );
  }
  return (
    <Tooltip label={words}>
      <ActionIcon size={28} aria-label={words} onClick={() => clipboard.copy(value)}>
        {icon}
      </ActionIcon>
    </Tooltip>
  );
}
