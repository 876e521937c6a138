/** The shapes of what the server answers, for the type checker and the reader. Nothing here runs. */

/** @typedef {{id: string, name: string, real_name: string, title: string, guest: boolean, ram_user: string|null,
 *             locale: string}} Person */
/** @typedef {{command: string, usage_hint: string, description: string}} Command */
/** @typedef {{id: string, kind: string, name: string, unread: number, is_member: boolean,
 *             unread_threads: string[]}} Conversation */
/** @typedef {{ts: string, user: string, name: string, bot: boolean, text: string, blocks: any[]|null,
 *             ephemeral: boolean, edited: boolean, at: number, thread_ts: string|null,
 *             broadcast: boolean, unread_replies: number, gone?: boolean}} Message */
/** @typedef {{people: Person[], commands: Command[], shortcuts: {callback_id: string, name: string}[],
 *             app: {id: string, name: string, bot_user_id: string}, team: {id: string, name: string}}} Cast */
/** @typedef {{conversations: Conversation[], messages: Record<string, Message[]>, modals: any[],
 *             modal_errors: Record<string, Record<string, string>>, home: any,
 *             notice: {text: string, at: number}|null}} Screen */
/** @typedef {{user: string, user_id: string, since: number, via: string|null, kind: "user"|"role"}} Holder */
/** @typedef {{name: string, title: string, what: string, broken: boolean}} Switch */
/** @typedef {{user: string, user_id: string, owner: boolean, since: number, roles: string[],
 *             roles_since: Record<string, number>}} Member */
/** @typedef {{product: string, product_title: string, place: string, title: string,
 *             members: Member[]}} Place a workspace or a project */
/** @typedef {{policies: {name: string, type: string, description: string, holders: Holder[]}[],
 *             members: Place[], left_out: string[], switches: Switch[], log: {at: number, action: string, user: string, policy: string, result: string}[]}} Account */
/** @typedef {{type: "message", channel: string, ts: string}|{type: "view", view_id: string}} Container */

export {};
