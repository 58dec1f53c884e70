/** Things to send for those who have nothing at hand: drawn and recorded in the page. */

function canvasOf(width, height) {
  const canvas = document.createElement('canvas');
  canvas.width = width;
  canvas.height = height;
  return canvas;
}

function drawRoom(canvas, shift = 0) {
  const pen = canvas.getContext('2d');
  const { width, height } = canvas;
  pen.fillStyle = '#efe6d8';
  pen.fillRect(0, 0, width, height);
  pen.fillStyle = '#c9b08c';
  pen.fillRect(0, height * 0.72, width, height);
  pen.fillStyle = '#b8cfd8';
  pen.fillRect(width * 0.1, height * 0.12, width * 0.26, height * 0.34);
  pen.fillStyle = '#4e6e5d';
  const x = width * (0.34 + shift);
  pen.beginPath();
  pen.roundRect(x, height * 0.46, width * 0.5, height * 0.2, 24);
  pen.roundRect(x - width * 0.03, height * 0.56, width * 0.56, height * 0.2, 24);
  pen.fill();
  pen.fillStyle = '#3a2d22';
  pen.fillRect(x + 10, height * 0.75, 14, height * 0.07);
  pen.fillRect(x + width * 0.46, height * 0.75, 14, height * 0.07);
  pen.fillStyle = '#e2a64b';
  pen.beginPath();
  pen.arc(width * 0.85, height * 0.3, height * 0.08, 0, 7);
  pen.fill();
}

const toBlob = (canvas, type) => new Promise((resolve) => canvas.toBlob(resolve, type, 0.85));

export async function samplePhoto() {
  const canvas = canvasOf(1024, 768);
  drawRoom(canvas);
  return { blob: await toBlob(canvas, 'image/jpeg'), name: 'living-room.jpg' };
}

/** A sticker: a large emoji without ground. */
export async function drawnSticker(emoji) {
  const canvas = canvasOf(512, 512);
  const pen = canvas.getContext('2d');
  pen.font = '380px "Noto Color Emoji", "Apple Color Emoji", "Segoe UI Emoji", sans-serif';
  pen.textAlign = 'center';
  pen.textBaseline = 'middle';
  pen.fillText(emoji, 256, 280);
  return { blob: await toBlob(canvas, 'image/webp'), name: 'sticker.webp' };
}

export function sampleFile() {
  const text = 'Order 4711\n1 x desk "Marsh", oak\nDelivered on 14 November\nThe left leg is scratched.\n';
  return { blob: new Blob([text], { type: 'text/plain' }), name: 'order-4711.txt' };
}

const typeOf = (types) => types.find((type) => MediaRecorder.isTypeSupported(type));

function collect(recorder) {
  const chunks = [];
  recorder.addEventListener('dataavailable', ({ data }) => chunks.push(data));
  return new Promise((resolve) => {
    recorder.addEventListener('stop', () => resolve(new Blob(chunks, { type: recorder.mimeType })));
  });
}

/** Two seconds of a sofa that moves. */
export async function sampleVideo() {
  const canvas = canvasOf(640, 480);
  drawRoom(canvas);
  const recorder = new MediaRecorder(canvas.captureStream(15), { mimeType: typeOf(['video/mp4', 'video/webm']) });
  const recorded = collect(recorder);
  recorder.start();
  const begun = performance.now();
  await new Promise((resolve) => {
    const step = () => {
      const passed = performance.now() - begun;
      drawRoom(canvas, Math.sin(passed / 300) * 0.04);
      if (passed < 2_000) setTimeout(step, 60);
      else resolve();
    };
    step();
  });
  recorder.stop();
  return { blob: await recorded, name: 'living-room.mp4', duration: performance.now() - begun };
}

/** The microphone, or where there is none a hummed note. */
async function sound() {
  try {
    const stream = await navigator.mediaDevices.getUserMedia({ audio: true });
    return { stream, end: () => stream.getTracks().forEach((track) => void track.stop()) };
  } catch {
    const context = new AudioContext();
    const target = context.createMediaStreamDestination();
    const tone = context.createOscillator();
    const volume = context.createGain();
    volume.gain.value = 0.2;
    tone.frequency.value = 220;
    tone.frequency.linearRampToValueAtTime(330, context.currentTime + 2);
    tone.connect(volume).connect(target);
    tone.start();
    return { stream: target.stream, end: () => void context.close() };
  }
}

/** Begin a voice note; `finish` gives it. */
export async function recordVoice() {
  const { stream, end } = await sound();
  const mimeType = typeOf(['audio/ogg;codecs=opus', 'audio/mp4', 'audio/webm;codecs=opus']);
  const recorder = new MediaRecorder(stream, { mimeType });
  const recorded = collect(recorder);
  const begun = performance.now();
  recorder.start();
  return {
    async finish() {
      const duration = performance.now() - begun;
      recorder.stop();
      end();
      return { blob: await recorded, name: 'voice-note', duration };
    },
  };
}
