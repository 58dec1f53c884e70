/** The customer's widget: importing this defines `<foyer-widget>`. */
export { FoyerWidget } from './widget/widget.ts';

import './widget/index.ts';
