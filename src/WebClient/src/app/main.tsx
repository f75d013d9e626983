import '@fontsource-variable/inter';
import '@mantine/core/styles.layer.css';
import 'virtual:theme.css';
import './tokens.css';
import './mantine.css';
import './base.css';
import { MantineProvider } from '@mantine/core';
import { QueryClientProvider } from '@tanstack/react-query';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { queryClient } from '@/lib/api/queries';
import { startI18nInBrowser } from '@/lib/i18n/i18n';
import { App } from './app';
import { theme, variables } from './theme';

startI18nInBrowser();

const root = document.getElementById('root');
if (!root) throw new Error('index.html has no #root');
createRoot(root).render(
  <StrictMode>
    <MantineProvider
      theme={theme}
      cssVariablesResolver={variables}
      withCssVariables={false}
      withGlobalClasses={false}
      defaultColorScheme="auto"
    >
      <QueryClientProvider client={queryClient}>
        <App />
      </QueryClientProvider>
    </MantineProvider>
  </StrictMode>,
);
