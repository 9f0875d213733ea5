// The other side of the exchange with Microsoft SEAL: node-seal, which is SEAL compiled to
// WebAssembly.
//
//   node exchange.mjs make DIR [CASE...]   writes keys, ciphertexts and what they hold, for us to read;
//                                          of all cases, or of those named, for example bfv-4096
//   node exchange.mjs check DIR            decrypts what we wrote, as DIR/manifest.json lists it
//
// make: DIR/<scheme>-<N>/ gets parms, secret, public, relin, galois (all keys seeded), x, y, x-seeded,
// sum, product-size3, product (relinearized; CKKS: rescaled too) and rotated1 (one step to the left,
// in BFV both rows), each NAME.seal, and values.json.

import fs from 'node:fs';
import path from 'node:path';
import SEAL from 'node-seal';

const seal = await SEAL();
const CASES = [
  { scheme: 'bfv', n: 4096, steps: [1, 16, 256, 0] }, // what a sum over all slots takes
  { scheme: 'bfv', n: 8192 },
  { scheme: 'bfv', n: 16384 },
  { scheme: 'ckks', n: 4096, bits: [36, 36, 37], scale: 2 ** 30, steps: [1, 16, 256] },
  { scheme: 'ckks', n: 8192, bits: [50, 40, 40, 50], scale: 2 ** 40 },
  { scheme: 'ckks', n: 16384, bits: [60, 40, 40, 40, 60], scale: 2 ** 40 },
];

function contextOf(parms) {
  const context = seal.Context(parms, true, seal.SecurityLevel.tc128);
  if (!context.parametersSet()) throw new Error('SEAL refuses the parameters');
  return context;
}

function parametersOf({ scheme, n, bits }) {
  const parms = seal.EncryptionParameters(seal.SchemeType[scheme]);
  parms.setPolyModulusDegree(n);
  if (scheme === 'bfv') {
    parms.setCoeffModulus(seal.CoeffModulus.BFVDefault(n, seal.SecurityLevel.tc128));
    parms.setPlainModulus(seal.PlainModulus.Batching(n, 20));
  } else {
    parms.setCoeffModulus(seal.CoeffModulus.Create(n, Int32Array.from(bits)));
  }
  return parms;
}

// A small generator with a fixed seed: the same values in every run.
function generator(seed) {
  let state = seed >>> 0;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32;
  };
}

function make(folder, names) {
  let objects = 0;
  const nameOf = (each) => `${each.scheme}-${each.n}`;
  for (const each of CASES.filter((c) => names.length === 0 || names.includes(nameOf(c)))) {
    const into = path.join(folder, nameOf(each));
    fs.mkdirSync(into, { recursive: true });
    const save = (name, object) => {
      fs.writeFileSync(path.join(into, `${name}.seal`), object.saveArray());
      objects++;
    };
    const bfv = each.scheme === 'bfv';
    const parms = parametersOf(each);
    const context = contextOf(parms);
    const keys = seal.KeyGenerator(context);
    const secret = keys.secretKey();
    const relin = keys.createRelinKeys();
    const steps = Int32Array.from(each.steps ?? [1]);
    const galois = keys.createGaloisKeys(steps);
    const publicKey = keys.createPublicKey();
    const encryptor = seal.Encryptor(context, publicKey, secret);
    const evaluator = seal.Evaluator(context);
    const encoder = bfv ? seal.BatchEncoder(context) : seal.CKKSEncoder(context);
    const random = generator(each.n);
    const slots = encoder.slotCount;
    const draw = () =>
      bfv
        ? Int32Array.from({ length: slots }, () => Math.floor(random() * 1000) - 500)
        : Float64Array.from({ length: slots }, () => random() * 2 - 1);
    const x = draw();
    const y = draw();
    const encode = (values) => (bfv ? encoder.encode(values) : encoder.encode(values, each.scale));

    save('parms', parms);
    save('secret', secret);
    save('public', keys.createPublicKeySerializable());
    save('relin', keys.createRelinKeysSerializable());
    save('galois', keys.createGaloisKeysSerializable(steps));
    const cx = encryptor.encrypt(encode(x));
    const cy = encryptor.encrypt(encode(y));
    save('x', cx);
    save('y', cy);
    save('x-seeded', encryptor.encryptSymmetricSerializable(encode(x)));
    save('sum', evaluator.add(cx, cy));
    const tensor = evaluator.multiply(cx, cy);
    save('product-size3', tensor);
    const product = evaluator.relinearize(tensor, relin);
    save('product', bfv ? product : evaluator.rescaleToNext(product));
    save('rotated1', bfv ? evaluator.rotateRows(cx, 1, galois) : evaluator.rotateVector(cx, 1, galois));
    fs.writeFileSync(
      path.join(into, 'values.json'),
      JSON.stringify({
        scheme: each.scheme,
        n: each.n,
        scale: each.scale ?? 1,
        bound: bfv ? 500 : 1,
        x: Array.from(x),
        y: Array.from(y),
        parms_ids: idsOf(context),
      }) + '\n',
    );
  }
  console.log(`node-seal made ${objects} objects`);
}

// The parms_id of the key level and of the first data level, each four 64-bit words in decimal.
function idsOf(context) {
  return [context.keyParmsId, context.firstParmsId].map((id) => Array.from(id.values, String));
}

function check(folder) {
  const manifest = JSON.parse(fs.readFileSync(path.join(folder, 'manifest.json'), 'utf8'));
  const contexts = new Map();
  let right = 0;
  for (const each of manifest.objects) {
    const read = (name) => fs.readFileSync(path.join(folder, name));
    if (!contexts.has(each.parms)) {
      const parms = seal.EncryptionParameters(seal.SchemeType[each.scheme]);
      parms.loadArray(read(each.parms));
      contexts.set(each.parms, contextOf(parms));
    }
    const context = contexts.get(each.parms);
    const secret = seal.SecretKey();
    secret.loadArray(context, read(each.secret));
    const cipher = seal.CipherText();
    let error;
    try {
      cipher.loadArray(context, read(each.file));
      error = compare(each, context, operate(each, context, cipher, read), secret);
    } catch (refusal) {
      error = `refused: ${refusal.message ?? refusal}`;
    }
    if (error) {
      console.error(`${each.file} (${each.operation ?? 'as it is'}): ${error}`);
      process.exitCode = 1;
    } else {
      right++;
    }
  }
  console.log(`node-seal found ${right} of our ${manifest.objects.length} objects right`);
}

// What SEAL computes with our keys before it decrypts.
function operate(each, context, cipher, read) {
  const evaluator = seal.Evaluator(context);
  if (each.operation === 'square') {
    const keys = seal.RelinKeys();
    keys.loadArray(context, read(each.keys));
    const product = evaluator.relinearize(evaluator.square(cipher), keys);
    return each.scheme === 'ckks' ? evaluator.rescaleToNext(product) : product;
  }
  if (each.operation === 'rotate') {
    const keys = seal.GaloisKeys();
    keys.loadArray(context, read(each.keys));
    return each.scheme === 'ckks'
      ? evaluator.rotateVector(cipher, 1, keys)
      : evaluator.rotateRows(cipher, 1, keys);
  }
  if (each.operation === 'encrypt') {
    // The public key is what is tested: SEAL encrypts with it the values that we expect.
    const key = seal.PublicKey();
    key.loadArray(context, read(each.keys));
    const encryptor = seal.Encryptor(context, key);
    return encryptor.encrypt(
      each.scheme === 'ckks'
        ? seal.CKKSEncoder(context).encode(Float64Array.from(each.expected), each.scale)
        : seal.BatchEncoder(context).encode(Int32Array.from(each.expected)),
    );
  }
  return cipher;
}

function compare(each, context, cipher, secret) {
  const plain = seal.Decryptor(context, secret).decrypt(cipher);
  const found =
    each.scheme === 'ckks'
      ? seal.CKKSEncoder(context).decode(plain)
      : seal.BatchEncoder(context).decode(plain, true);
  for (let i = 0; i < each.expected.length; i++) {
    if (!(Math.abs(found[i] - each.expected[i]) <= each.tolerance)) {
      return `slot ${i} is ${found[i]}, not ${each.expected[i]}`;
    }
  }
  return null;
}

const [command, folder, ...names] = process.argv.slice(2);
if (command === 'make') make(folder, names);
else if (command === 'check') check(folder);
else throw new Error('say make DIR or check DIR');
