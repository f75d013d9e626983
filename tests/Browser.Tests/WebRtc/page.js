// A browser's phone without signalling: a tone as its microphone, and ears that tell which tone they hear.
window.phone = {
  async start(hz, codec) {
    this.pc = new RTCPeerConnection({ bundlePolicy: 'max-bundle' });
    this.audio = new AudioContext({ sampleRate: 48000 });
    await this.audio.resume();
    const tone = this.audio.createOscillator();
    const volume = this.audio.createGain();
    const microphone = this.audio.createMediaStreamDestination();
    tone.frequency.value = hz;
    volume.gain.value = 0.3;
    tone.connect(volume).connect(microphone);
    tone.start();
    this.track = microphone.stream.getAudioTracks()[0];
    this.stream = microphone.stream;
    this.codec = codec;
    this.pc.ontrack = ({ track }) => {
      const heard = new MediaStream([track]);
      this.element = new Audio();
      this.element.srcObject = heard; // without it nothing is decoded
      this.element.play();
      this.ears = this.audio.createAnalyser();
      this.ears.fftSize = 8192;
      this.ears.smoothingTimeConstant = 0;
      this.audio.createMediaStreamSource(heard).connect(this.ears);
    };
  },
  prefer(transceiver) {
    const codecs = RTCRtpReceiver.getCapabilities('audio').codecs.filter((c) => c.mimeType === this.codec || c.mimeType === 'audio/telephone-event');
    transceiver.setCodecPreferences(codecs);
  },
  async offer(iceRestart = false) {
    if (this.pc.getTransceivers().length === 0) this.prefer(this.pc.addTransceiver(this.track, { direction: 'sendrecv', streams: [this.stream] }));
    await this.pc.setLocalDescription(await this.pc.createOffer({ iceRestart }));
    return this.gathered();
  },
  answered(sdp) {
    return this.pc.setRemoteDescription({ type: 'answer', sdp });
  },
  async accept(sdp) {
    await this.pc.setRemoteDescription({ type: 'offer', sdp });
    const transceiver = this.pc.getTransceivers()[0];
    if (!transceiver.sender.track) {
      this.prefer(transceiver);
      transceiver.direction = 'sendrecv';
      await transceiver.sender.replaceTrack(this.track);
    }
    await this.pc.setLocalDescription(await this.pc.createAnswer());
    return this.gathered();
  },
  async gathered() {
    for (let i = 0; i < 40 && this.pc.iceGatheringState !== 'complete'; i++) await new Promise((resolve) => setTimeout(resolve, 50));
    return this.pc.localDescription.sdp;
  },
  direct(direction) {
    this.pc.getTransceivers()[0].direction = direction;
  },
  state() {
    return this.pc.connectionState;
  },
  heard() {
    if (!this.ears) return 0;
    const bins = new Float32Array(this.ears.frequencyBinCount);
    this.ears.getFloatFrequencyData(bins);
    const loudest = bins.indexOf(Math.max(...bins));
    return bins[loudest] > -50 ? (loudest * 48000) / 8192 : 0;
  },
  async received() {
    let packets = 0;
    for (const report of (await this.pc.getStats()).values()) if (report.type === 'inbound-rtp') packets += report.packetsReceived;
    return packets;
  },
  close() {
    this.pc.close();
  },
};
