export { channelSign as channelIcon } from '../components/channel-icons.ts';
