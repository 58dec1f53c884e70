import type { CustomerView } from '../client/desk-protocol.ts';
import { text } from '../locales/desk/text.ts';

/** What to call a customer: their name, else something short that tells nameless visitors apart. */
export function customerName(customer: CustomerView): string {
  const name = customer.name?.trim();
  if (name) return name;
  if (customer.email) return customer.email;
  return text('customer.visitor', { code: customer.id.slice(-4).toUpperCase() });
}
