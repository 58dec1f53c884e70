import { z } from 'zod';
import type { RunningChannel } from '../channels/channel-service.ts';
import type { ChannelStatus } from '../channels/channel-status.ts';
import { iso, time } from './schemas.ts';

const states = [
  'off',
  'invalid',
  'stopped',
  'paused',
  'starting',
  'waiting-for-login',
  'disconnected',
  'failed',
  'connected',
  'ready',
] as const;

export const channelStatusSchema = z
  .object({
    state: z.enum(states).meta({
      description:
        '`off`: switched off. `invalid`: its settings are not valid. `stopped`: its account does not work, messages wait until somebody has looked. `paused`: the platform does not answer, it is tried again. `ready`: nothing is wrong. The others are what its own connection says.',
    }),
    detail: z.string().optional().meta({ description: 'What is wrong and what to do.' }),
    qr: z.string().optional().meta({ description: 'Text of a QR code to be scanned.' }),
    pausedUntil: time.optional(),
    problem: z.string().optional().meta({ description: 'The last thing that went wrong, even if it is over.' }),
    problemAt: time.optional(),
    heardAt: time.optional().meta({ description: 'When the platform last reached this server.' }),
    sentAt: time.optional().meta({ description: 'When the platform last took something.' }),
    dropped: z.int().meta({ description: 'What it delivered that could not be used.' }),
  })
  .meta({ id: 'ChannelStatus' });

/**
 * How a channel is, for administrators.
 *
 * @param whyInvalid what is wrong with the settings of a channel that is switched on and does not run.
 */
export function channelStatusView(
  enabled: boolean,
  running: RunningChannel | undefined,
  status: ChannelStatus | undefined,
  whyInvalid: () => string | undefined = () => undefined,
): z.infer<typeof channelStatusSchema> {
  const { report, circuit, pausedUntil, problem, problemAt, heardAt, sentAt, dropped } = status ?? {
    report: null,
    circuit: 'closed',
    pausedUntil: null,
    problem: null,
    problemAt: null,
    heardAt: null,
    sentAt: null,
    dropped: 0,
  };
  const works = enabled && running !== undefined;
  const troubled = works && circuit !== 'closed';
  const reported = works ? report?.detail : enabled ? whyInvalid() : undefined;
  const detail = troubled ? (problem ?? undefined) : reported;
  return {
    state: !enabled
      ? 'off'
      : running === undefined
        ? 'invalid'
        : circuit === 'stopped'
          ? 'stopped'
          : circuit === 'open'
            ? 'paused'
            : (report?.state ?? 'ready'),
    ...(detail === undefined ? {} : { detail }),
    ...(works && report?.qr !== undefined ? { qr: report.qr } : {}),
    ...(pausedUntil === null ? {} : { pausedUntil: iso(pausedUntil) }),
    ...(problem === null ? {} : { problem }),
    ...(problemAt === null ? {} : { problemAt: iso(problemAt) }),
    ...(heardAt === null ? {} : { heardAt: iso(heardAt) }),
    ...(sentAt === null ? {} : { sentAt: iso(sentAt) }),
    dropped,
  };
}
