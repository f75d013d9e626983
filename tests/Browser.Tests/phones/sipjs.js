// A phone of SIP.js.
import { Inviter, Messager, Registerer, SessionState, UserAgent } from 'sip.js';
import { describe, offer, say } from './silent.js';

const silent = () => ({
  close() {},
  getDescription: async ({ direction } = {}) => ({ body: describe(direction), contentType: 'application/sdp' }),
  hasDescription: (type) => type === 'application/sdp',
  rollbackDescription: async () => {},
  sendDtmf: () => false,
  setDescription: async () => {},
});

let ua, registerer, session;
const status = (response) => response.message.statusCode;
const told = { onAccept: () => say('registered'), onReject: (response) => say('refused', status(response)) };
const target = (number) => UserAgent.makeURI(`sip:${number}@${ua.configuration.uri.host}`);

function follow(next) {
  session = next;
  session.stateChange.addListener((state) => {
    if (state === SessionState.Established) say('established');
    if (state === SessionState.Terminated) say('ended');
  });
}

const again = (direction, done) => session.invite({
  sessionDescriptionHandlerOptions: { direction },
  requestDelegate: { onAccept: () => say(done) },
});

offer({
  async start(server, uri, password) {
    ua = new UserAgent({
      uri: UserAgent.makeURI(uri),
      authorizationUsername: UserAgent.makeURI(uri).user,
      authorizationPassword: password,
      transportOptions: { server },
      reconnectionAttempts: 20,
      reconnectionDelay: 1,
      logLevel: 'warn',
      sessionDescriptionHandlerFactory: silent,
      delegate: {
        onConnect: () => registerer?.register({ requestDelegate: told }),
        onDisconnect: () => say('disconnected'),
        onInvite(invitation) {
          follow(invitation);
          invitation.progress().then(() => say('called'));
        },
      },
    });
    registerer = new Registerer(ua, { expires: 600 });
    await ua.start();
  },
  refresh: () => registerer.register({ requestDelegate: told }),
  unregister: () => registerer.unregister({ requestDelegate: { onAccept: () => say('unregistered') } }),
  drop: () => ua.transport._ws.close(),
  call(number) {
    follow(new Inviter(ua, target(number)));
    session.invite({ requestDelegate: {
      onProgress: (response) => say('progress', status(response)),
      onReject: (response) => say('rejected', status(response)),
    } });
  },
  cancel: () => session.cancel(),
  answer: () => session.accept(),
  reject: (statusCode) => session.reject({ statusCode }),
  hold: () => again('sendonly', 'held'),
  resume: () => again('sendrecv', 'resumed'),
  hangUp: () => session.bye(),
  message: (number) => new Messager(ua, target(number), 'hello').message({ requestDelegate: {
    onAccept: (response) => say('answered', status(response)),
    onReject: (response) => say('answered', status(response)),
  } }),
  options(number) {
    const core = ua.userAgentCore, to = target(number), from = ua.configuration.uri;
    core.request(core.makeOutgoingRequestMessage('OPTIONS', to, from, to, {}), {
      onAccept: (response) => say('answered', status(response)),
      onReject: (response) => say('answered', status(response)),
    });
  },
});
