import { type CatalogEntry, type CatalogObject, entry } from '../catalog-types.ts';

const team = 'T0DEPOT01';
const app = 'A0LAMP001';
const channel = 'C0YARD001';
const user = 'U0MILA001';
const ts = '1769846400.000200';

/** Group of what Slack posts as a form whose field `payload` holds the JSON. */
export const interactivity = 'Interactivity';
/** Group of what Slack posts as a plain form. */
export const commands = 'Commands';

const event = (label: string, rows: Readonly<Record<string, readonly [description: string, fields: CatalogObject]>>) =>
  Object.entries(rows).map(([type, [description, fields]]) =>
    entry({
      type,
      group: label,
      description,
      sample: {
        team_id: team,
        api_app_id: app,
        type: 'event_callback',
        event_id: `Ev0${type.replace(/[._]/g, '').toUpperCase()}`,
        event_time: 1_769_846_400,
        event: { type, ...fields, event_ts: ts },
      },
    }),
  );

const interaction = (type: string, description: string, fields: CatalogObject): CatalogEntry =>
  entry({
    type,
    group: interactivity,
    description,
    sample: {
      type,
      team: { id: team, domain: 'harbor-works' },
      user: { id: user, username: 'mila' },
      api_app_id: app,
      trigger_id: `13345224609.738474920.${type}`,
      ...fields,
    },
  });

const item: CatalogObject = { type: 'message', channel, ts };
const message: CatalogObject = { type: 'message', user, text: 'The scale is back.', ts };
const view: CatalogObject = { id: 'V0DEPOT', type: 'modal', callback_id: 'weigh', state: { values: {} } };
const response_url = 'https://hooks.slack.com/actions/T0DEPOT01/1/sample';

export const slackTypes: readonly CatalogEntry[] = [
  ...event('Messages', {
    message: [
      'A message was posted in a channel or a conversation.',
      { channel, user, text: 'The scale is back.', ts, channel_type: 'channel' },
    ],
    app_mention: [
      'The app was mentioned.',
      { channel, user, text: '<@U0LAMP001> how long did the last run take?', ts },
    ],
    reaction_added: ['A reaction was added to a message.', { user, reaction: 'scales', item, item_user: user }],
    reaction_removed: ['A reaction was removed from a message.', { user, reaction: 'scales', item, item_user: user }],
    link_shared: [
      'A link to a domain of the app was shared.',
      { channel, user, links: [{ domain: 'example.com', url: 'https://example.com/31' }] },
    ],
    pin_added: ['A message was pinned to a channel.', { user, channel_id: channel, item }],
    pin_removed: ['A message was unpinned.', { user, channel_id: channel, item }],
  }),
  ...event('Channels', {
    channel_created: ['A channel was created.', { channel: { id: channel, name: 'yard', creator: user } }],
    channel_rename: ['A channel was renamed.', { channel: { id: channel, name: 'depot-yard' } }],
    channel_archive: ['A channel was archived.', { channel, user }],
    channel_unarchive: ['A channel was unarchived.', { channel, user }],
    channel_deleted: ['A channel was deleted.', { channel }],
    member_joined_channel: ['A user joined a channel.', { channel, user, channel_type: 'C', team }],
    member_left_channel: ['A user left a channel.', { channel, user, channel_type: 'C', team }],
  }),
  ...event('Files', {
    file_shared: ['A file was shared.', { file_id: 'F0CSV01', user_id: user, channel_id: channel }],
    file_created: ['A file was uploaded.', { file_id: 'F0CSV01', user_id: user }],
    file_deleted: ['A file was deleted.', { file_id: 'F0CSV01' }],
  }),
  ...event('People', {
    team_join: ['A user joined the workspace.', { user: { id: user, name: 'mila' } }],
    user_change: ['A user was updated.', { user: { id: user, name: 'mila' } }],
    user_profile_changed: ['The profile of a user was updated.', { user: { id: user, name: 'mila' } }],
  }),
  ...event('App', {
    app_home_opened: ['A user opened the app home.', { user, channel: 'D0HOME01', tab: 'home' }],
    app_uninstalled: ['The app was uninstalled from a workspace.', {}],
    tokens_revoked: ['Tokens of the app were revoked.', { tokens: { oauth: [user], bot: [] } }],
  }),
  interaction('block_actions', 'A user clicked a button or chose an option in a message or dialog.', {
    actions: [{ type: 'button', action_id: 'approve', block_id: 'b1', value: '31', action_ts: ts }],
    channel: { id: channel, name: 'yard' },
    message,
    response_url,
  }),
  interaction('view_submission', 'A user submitted a dialog.', { view }),
  interaction('view_closed', 'A user closed a dialog without submitting it.', { view, is_cleared: false }),
  interaction('shortcut', 'A user ran a global shortcut.', { callback_id: 'weigh', action_ts: ts }),
  interaction('message_action', 'A user ran a message shortcut.', {
    callback_id: 'weigh',
    channel: { id: channel, name: 'yard' },
    message,
    response_url,
    action_ts: ts,
  }),
  entry({
    type: 'slash_command',
    group: commands,
    description: 'A user ran a slash command, such as /weigh.',
    sample: {
      team_id: team,
      channel_id: channel,
      user_id: user,
      command: '/weigh',
      text: 'truck 4409',
      api_app_id: app,
      trigger_id: '13345224609.738474920.command',
      response_url,
    },
  }),
];
