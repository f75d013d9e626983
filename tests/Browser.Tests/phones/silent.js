// Audio that nobody hears: plain RTP/AVP towards a port where nothing listens. The server's media engine has no WebRTC yet, so these phones try the signalling alone.
let version = 0;

export const describe = (direction = 'sendrecv') => [
  'v=0', `o=- 1 ${(version += 1)} IN IP4 127.0.0.1`, 's=-', 'c=IN IP4 127.0.0.1', 't=0 0',
  'm=audio 40000 RTP/AVP 0', 'a=rtpmap:0 PCMU/8000', `a=${direction}`, '',
].join('\r\n');

/** What a test asks of a phone, as `phone`; what the phone has to say comes by `tell(what, status)`. */
export const offer = (phone) => Object.assign(globalThis, { phone });

export const say = (what, status = 0) => globalThis.tell(what, status);
