import { z } from 'zod';
import { SendFailure, type Template } from '../../adapters/contract/index.ts';
import { FoyerError } from '../errors.ts';
import type { HttpDependencies } from './dependencies.ts';

export const template = z
  .object({
    name: z.string(),
    language: z.string().optional(),
    text: z.string().meta({ description: 'What it says, blanks as `{{name}}`.' }),
    blanks: z.array(z.string()).meta({ description: 'Names of the blanks in order.' }),
  })
  .meta({ id: 'Template' });

/** How long a platform is not asked again, ms: every composer of the channel wants to know. */
const kept = 60_000;

/** A channel's templates, asked of its platform at most once a minute. Rejects with CHANNEL_REFUSES. */
export function createTemplates({ sending, clock, log }: Pick<HttpDependencies, 'sending' | 'clock' | 'log'>) {
  const known = new Map<string, { client: unknown; at: number; templates: Promise<Template[]> }>();

  return async (channelId: string): Promise<Template[]> => {
    const client = sending.clients.clientOf(channelId);
    if (client?.templates === undefined) return [];
    const before = known.get(channelId);
    if (before?.client === client && clock.now() - before.at < kept) return before.templates;
    const templates = client.templates().catch((error: unknown) => {
      known.delete(channelId);
      if (!(error instanceof SendFailure)) log.error({ err: error, channel: channelId }, 'templates could not be had');
      const why = error instanceof SendFailure ? error.message : 'the log of the server says why.';
      throw new FoyerError('CHANNEL_REFUSES', `The platform does not give its templates: ${why}`, { cause: error });
    });
    known.set(channelId, { client, at: clock.now(), templates });
    return templates;
  };
}
