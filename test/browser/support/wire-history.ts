import type { Page } from 'playwright-core';
import type { HistoryChecker } from '../../support/history-checker.ts';

/** Tells `history` what a page's sockets send and get acknowledged, by listening to their frames. Before the page loads. */
export function listen(page: Page, sender: string, history: HistoryChecker): void {
  page.on('websocket', (socket) => {
    /** Number of a request → the message's own id. */
    const asked = new Map<string, string>();
    socket.on('framesent', ({ payload }) => {
      const [, number, body] = /^42\/\w+,(\d+)(\["message:send",.*\])$/s.exec(String(payload)) ?? [];
      if (number === undefined || body === undefined) return;
      const [, { clientId }] = JSON.parse(body) as [string, { clientId: string }];
      asked.set(number, clientId);
      history.sent(sender, clientId);
    });
    socket.on('framereceived', ({ payload }) => {
      const [, number = '', body] = /^43\/\w+,(\d+)(\[.*\])$/s.exec(String(payload)) ?? [];
      const clientId = asked.get(number);
      if (clientId === undefined || body === undefined) return;
      const [answer] = JSON.parse(body) as [
        { ok: true; activity: { seq: number; conversation: { id: string } } } | { ok: false },
      ];
      if (answer.ok) history.acknowledged(clientId, answer.activity.conversation.id, answer.activity.seq);
    });
  });
}
