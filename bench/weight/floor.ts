import { html, LitElement } from 'lit';
import { io } from 'socket.io-client';

/** The floor: one small element and one socket, nothing else. Bundled as the widget is, never run. */
export class FloorElement extends LitElement {
  protected override render() {
    return html`<p>Hello</p>`;
  }
}

export const socket = io('/', { transports: ['websocket'] });
