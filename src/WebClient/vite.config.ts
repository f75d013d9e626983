/// <reference types="vitest/config" />
import { convertCssVariables, DEFAULT_THEME, defaultCssVariablesResolver, mergeMantineTheme } from '@mantine/core';
import react from '@vitejs/plugin-react';
import { defineConfig, type Plugin } from 'vite';
import { theme, variables } from './src/app/theme.ts';

/**
 * Mantine would write the theme's CSS variables into a style element while the page runs, which a Content-Security-Policy
 * without 'unsafe-inline' refuses. They never change, so they become a stylesheet here.
 */
function themeStylesheet(): Plugin {
  const id = 'virtual:theme.css';
  return {
    name: 'theme-stylesheet',
    resolveId: (source) => (source === id ? `\0${id}` : null),
    load(source) {
      if (source !== `\0${id}`) return null;
      const merged = mergeMantineTheme(DEFAULT_THEME, theme);
      const [base, ours] = [defaultCssVariablesResolver(merged), variables(merged)];
      return convertCssVariables(
        {
          variables: { ...base.variables, ...ours.variables },
          light: { ...base.light, ...ours.light, '--mantine-color-scheme': 'light' },
          dark: { ...base.dark, ...ours.dark, '--mantine-color-scheme': 'dark' },
        },
        ':root',
      );
    },
  };
}

const server = process.env.TELEPHONY_URL ?? 'http://127.0.0.1:8080';

export default defineConfig({
  plugins: [react(), themeStylesheet()],
  resolve: { alias: { '@': new URL('./src', import.meta.url).pathname } },
  build: { sourcemap: false, assetsInlineLimit: 0, chunkSizeWarningLimit: 1000 },
  server: { proxy: { '/api': server, '/hubs': { target: server, ws: true } } },
  test: { include: ['src/**/*.test.{ts,tsx}'], environment: 'node' },
});
