import type { Clock, Ids } from '../../adapters/contract/index.ts';
import type { AccountRepository } from '../access/ports.ts';
import type { ChannelService } from '../channels/channel-service.ts';
import type { ChannelRepository } from '../channels/ports.ts';
import type { RoutingRepository } from '../routing/ports.ts';
import type { Signals, UnitOfWork } from '../session/ports.ts';

/** What declared things are compared with and written to. */
export interface ApplyDeclaredDependencies {
  unitOfWork: UnitOfWork;
  accounts: AccountRepository;
  routing: RoutingRepository;
  channels: ChannelService;
  storedChannels: Pick<ChannelRepository, 'channels'>;
  signals: Signals;
  clock: Clock;
  ids: Ids;
}
