// A phone of JsSIP.
import JsSIP from 'jssip';
import { describe, offer, say } from './silent.js';

globalThis.RTCPeerConnection = class {
  iceConnectionState = 'new';
  iceGatheringState = 'complete';
  signalingState = 'stable';
  localDescription = null;
  remoteDescription = null;
  addEventListener() {}
  removeEventListener() {}
  getSenders() { return []; }
  close() { this.signalingState = 'closed'; }
  async createOffer() { return { type: 'offer', sdp: describe() }; }
  async createAnswer() { return { type: 'answer', sdp: describe() }; }
  async setLocalDescription(description) {
    this.localDescription = description;
    this.signalingState = description.type === 'offer' ? 'have-local-offer' : 'stable';
  }
  async setRemoteDescription(description) {
    this.remoteDescription = description;
    this.signalingState = description.type === 'offer' ? 'have-remote-offer' : 'stable';
  }
};

let ua, session, socket;
const silent = { mediaConstraints: { audio: false, video: false } };
const status = (event) => event.response?.status_code ?? event.message?.status_code ?? 0;
const answered = { eventHandlers: { succeeded: (event) => say('answered', status(event)), failed: (event) => say('answered', status(event)) } };

function follow(next) {
  session = next;
  session.on('progress', (event) => { if (event.originator === 'remote') say('progress', status(event)); });
  session.on('confirmed', () => say('established'));
  session.on('ended', () => say('ended'));
  session.on('failed', (event) => {
    if (event.originator === 'remote' && status(event) > 0) say('rejected', status(event));
    say('ended');
  });
}

offer({
  async start(server, uri, password) {
    socket = new JsSIP.WebSocketInterface(server);
    ua = new JsSIP.UA({ sockets: [socket], uri, password, register_expires: 600, connection_recovery_min_interval: 1, connection_recovery_max_interval: 1 });
    ua.on('registered', () => say('registered'));
    ua.on('registrationFailed', (event) => say('refused', status(event)));
    ua.on('unregistered', () => say('unregistered'));
    ua.on('disconnected', () => say('disconnected'));
    ua.on('newRTCSession', (event) => {
      follow(event.session);
      if (event.originator === 'remote') say('called');
    });
    ua.start();
  },
  refresh() { // of which it tells nobody
    socket._ws.addEventListener('message', ({ data }) => { if (/^SIP\/2\.0 200 [^]*\nCSeq: \d+ REGISTER\r/.test(data)) say('registered'); });
    ua.register();
  },
  unregister: () => ua.unregister(),
  drop: () => socket._ws.close(),
  call: (number) => { ua.call(number, silent); },
  cancel: () => session.terminate(),
  answer: () => session.answer(silent),
  reject: (status_code) => session.terminate({ status_code }),
  hold: () => { session.hold({}, () => say('held')); },
  resume: () => { session.unhold({}, () => say('resumed')); },
  hangUp: () => session.terminate(),
  message: (number) => { ua.sendMessage(number, 'hello', answered); },
  options: (number) => { ua.sendOptions(number, null, answered); },
});
