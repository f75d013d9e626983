// What a browser says of its audio (RFC 8829), with nobody behind it: no ICE check and no DTLS ever comes. These phones try the signalling alone.
let version = 0;

export const describe = (direction = 'sendrecv') => [
  'v=0', `o=- 1 ${(version += 1)} IN IP4 127.0.0.1`, 's=-', 't=0 0', 'a=group:BUNDLE 0',
  'm=audio 9 UDP/TLS/RTP/SAVPF 0', 'c=IN IP4 0.0.0.0', 'a=mid:0', 'a=rtcp-mux', 'a=ice-ufrag:none', 'a=ice-pwd:nobody-is-here-at-all-now',
  `a=fingerprint:sha-256 ${Array(32).fill('00').join(':')}`, 'a=setup:active', 'a=rtpmap:0 PCMU/8000', `a=${direction}`, '',
].join('\r\n');

/** What a test asks of a phone, as `phone`; what the phone has to say comes by `tell(what, status)`. */
export const offer = (phone) => Object.assign(globalThis, { phone });

export const say = (what, status = 0) => globalThis.tell(what, status);
