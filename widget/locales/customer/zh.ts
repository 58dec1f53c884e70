import { sharedZh } from '../common/zh.ts';
import type { Translation } from '../text.ts';
import type { customer } from './en.ts';

const customerZh: Translation<typeof customer> = {
  'launcher.open': '打开聊天',
  'launcher.close': '关闭聊天',
  'launcher.unread': '打开聊天，未读消息：{count} 条',
  'panel.label': '与 {name} 聊天',
  'panel.us': '我们',
  'panel.close': '关闭聊天',
  'panel.greeting': '您好！请问有什么可以帮您？',
  'panel.begin': '输入消息…',
  'panel.again': '输入消息，重新开始对话…',
  'panel.earlier': '查看之前的对话',
  'panel.drop': '松开即可添加文件',
  'status.welcome': '有问题，随时问我们',
  'status.waiting': '客服将很快接入',
  'status.next': '下一位就是您',
  'status.position': '您当前排在第 {position} 位',
  'status.active': '正在为您服务',
  'status.closed': '本次对话已结束',
  'connection.connecting': '正在连接…',
  'connection.reconnecting': '连接已断开，正在重新连接…',
  'connection.offline': '当前没有网络，恢复后会自动发送消息。',
  'connection.refused': '此页面暂不支持聊天。',
  'end.action': '结束对话',
  'end.question': '确定结束本次对话吗？',
  'end.yes': '结束',
  'end.no': '继续聊',
  'end.failed': '操作失败，请重试。',
  'notice.joined': '{name} 已加入对话',
  'notice.left': '{name} 已离开对话',
  'notice.transferred': '正在为您转接 {name}',
  'notice.requeued': '正在为您安排其他客服',
  'notice.queued': '感谢您的留言，我们会尽快回复。',
  'notice.reopened': '对话已恢复',
  'notice.closed': '对话已结束',
  'notice.closedByYou': '您已结束对话',
  'notice.closedInactive': '由于长时间没有新消息，对话已结束',
  'notice.closedAbandoned': '您在等待时离开了。再次留言，我们会回复您。',
  'notice.rated': '您为本次对话打了 {score} 分（满分 5 分）',
  'notice.mediaFailed': '有一个文件无法显示',
};

/** What the localization loads for Chinese. */
export const templates: Record<string, string> = { ...sharedZh, ...customerZh };
