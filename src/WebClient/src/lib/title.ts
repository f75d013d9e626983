import { useEffect } from 'react';

let page = '';
let call: string | null = null;

function show(): void {
  document.title = call ?? page;
}

/** The tab's title: the page's, unless a call has something to say. */
export function usePageTitle(title: string): void {
  useEffect(() => {
    page = title;
    show();
  }, [title]);
}

/** What a call says in the tab: a title of its own, and a blue dot while it rings. */
export function showCallInTab(title: string | null, isRinging: boolean): void {
  call = title;
  show();
  const icon = document.querySelector<HTMLLinkElement>('link[rel=icon]');
  const href = isRinging ? '/icon-call.svg' : '/icon.svg';
  if (icon && icon.getAttribute('href') !== href) icon.setAttribute('href', href);
}
