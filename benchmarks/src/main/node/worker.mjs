// The operations of one group by node-seal (Microsoft SEAL in WebAssembly), as a worker of
// dev.veilsum.benchmarks.Against: node worker.mjs GROUP. dev.veilsum.benchmarks.worker.Worker says
// what it reads and prints. The primes have the sizes of Veilsum's presets, one of them special.

import readline from 'node:readline';
import SEAL from 'node-seal';

const GROUPS = {
  'ckks-8192': { n: 8192, bits: [46, 40, 40, 40, 46], scale: 2 ** 40 },
  'ckks-16384': { n: 16384, bits: [46, ...Array(7).fill(40), 46], scale: 2 ** 40 },
  'bfv-8192': { n: 8192, bits: [...Array(4).fill(42), 46], t: '65537' },
  'bfv-16384': { n: 16384, bits: [...Array(8).fill(42), 46], t: '3735553' },
};

const say = (line) => process.stdout.write(`${line}\n`);

function check(what, found, expected, tolerance) {
  for (let i = 0; i < found.length; i++) {
    if (!(Math.abs(found[i] - expected(i)) <= tolerance)) {
      throw new Error(`wrong result: ${what}, slot ${i}`);
    }
  }
}

function operationsOf(seal, group) {
  const bfv = group.t !== undefined;
  const parms = seal.EncryptionParameters(bfv ? seal.SchemeType.bfv : seal.SchemeType.ckks);
  parms.setPolyModulusDegree(group.n);
  parms.setCoeffModulus(seal.CoeffModulus.Create(group.n, Int32Array.from(group.bits)));
  if (bfv) parms.setPlainModulus(seal.Modulus(BigInt(group.t)));
  const context = seal.Context(parms, true, seal.SecurityLevel.tc128);
  if (!context.parametersSet()) throw new Error('SEAL refuses the parameters');
  const keys = seal.KeyGenerator(context);
  const relin = keys.createRelinKeys();
  const galois = keys.createGaloisKeys(Int32Array.from([1]));
  const encryptor = seal.Encryptor(context, keys.createPublicKey());
  const decryptor = seal.Decryptor(context, keys.secretKey());
  const evaluator = seal.Evaluator(context);
  const encoder = bfv ? seal.BatchEncoder(context) : seal.CKKSEncoder(context);
  const slots = encoder.slotCount;
  const x = bfv
    ? Int32Array.from({ length: slots }, (_, i) => ((i * 7919) % 361) - 180)
    : Float64Array.from({ length: slots }, (_, i) => Math.sin(i));
  const encode = (into) => (bfv ? encoder.encode(x, into) : encoder.encode(x, group.scale, into));
  const plain = seal.PlainText();
  encode(plain);
  const a = seal.CipherText();
  const b = seal.CipherText();
  const out = seal.CipherText();
  const other = seal.PlainText();
  encryptor.encrypt(plain, a);
  encryptor.encrypt(plain, b);
  const decode = (c) => {
    decryptor.decrypt(c, other);
    return encoder.decode(other);
  };
  const multiply = () => {
    evaluator.multiply(a, b, out);
    evaluator.relinearize(out, relin, out);
    if (!bfv) evaluator.rescaleToNext(out, out);
  };
  const rotate = () =>
    bfv ? evaluator.rotateRows(a, 1, galois, out) : evaluator.rotateVector(a, 1, galois, out);
  const add = () => evaluator.add(a, b, out);
  const encrypt = () => encryptor.encrypt(plain, out);

  const tolerance = bfv ? 0 : 1e-4;
  const row = bfv ? slots / 2 : slots;
  const verified = (what, run, expected) => {
    run();
    check(what, decode(out), expected, tolerance);
  };
  verified('encrypt', encrypt, (i) => x[i]);
  verified('add', add, (i) => 2 * x[i]);
  verified('multiply', multiply, (i) => x[i] * x[i]);
  verified('rotate', rotate, (i) => x[Math.floor(i / row) * row + ((i + 1) % row)]);
  const scheme = bfv ? 'BFV' : 'CKKS';
  return [
    [`${scheme} encode`, () => encode(other)],
    [`${scheme} encrypt (public key)`, encrypt],
    [`${scheme} decrypt and decode`, () => decode(a)],
    [`${scheme} add`, add],
    [`${scheme} rotate`, rotate],
    [bfv ? 'BFV multiply+relinearize' : 'CKKS multiply+relinearize+rescale', multiply],
  ];
}

// Nanoseconds of processor time, in steps of a microsecond.
function clock() {
  const { user, system } = process.cpuUsage();
  return 1000 * (user + system);
}

function warm(run, millis) {
  let least = Infinity;
  let spent = 0;
  while (spent < millis * 1e6) {
    const start = clock();
    run();
    const taken = Math.max(1000, clock() - start);
    least = Math.min(least, taken);
    spent += taken;
  }
  return least;
}

function time(run, times) {
  run();
  const start = clock();
  for (let i = 0; i < times; i++) run();
  return clock() - start;
}

const group = GROUPS[process.argv[2]];
if (!group) {
  say('absent\tno such group');
  process.exit(0);
}
let operations;
try {
  operations = operationsOf(await SEAL(), group);
} catch (e) {
  say(`failed\t${e.message ?? e}`);
  process.exit(1);
}
say(`ready\t${operations.map(([name]) => name).join('\t')}`);
for await (const line of readline.createInterface({ input: process.stdin })) {
  const [command, index, count] = line.split(' ');
  const run = operations[Number(index)][1];
  say(String(command === 'warm' ? warm(run, Number(count)) : time(run, Number(count))));
}
