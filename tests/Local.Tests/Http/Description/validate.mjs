// Validates an OpenAPI document given on standard input: its structure, and each of its schemas.
// Prints what is wrong and ends with 3 if anything is.
import { readFileSync } from 'node:fs';
import { Validator } from '@seriousme/openapi-schema-validator';
import Ajv from 'ajv/dist/2020.js';
import formats from 'ajv-formats';

const text = readFileSync(0, 'utf8');
const validator = new Validator();
const structure = await validator.validate(JSON.parse(text));
if (!structure.valid) {
  console.log(JSON.stringify(structure.errors, null, 2));
  process.exit(3);
}
const document = JSON.parse(text);
const ajv = new Ajv.default({ strict: true, allowUnionTypes: true });
formats.default(ajv);
// 'int32' and 'int64' are formats of OpenAPI's own registry.
ajv.addFormat('int32', { type: 'number', validate: Number.isInteger });
ajv.addFormat('int64', { type: 'number', validate: Number.isInteger });
// The document around the schemas is known to be good from here on.
ajv.addVocabulary(Object.keys(document));
ajv.addSchema({ ...document, $id: 'document.json' });
let failed = 0;
for (const name of Object.keys(document.components.schemas)) {
  try {
    ajv.compile({ $ref: `document.json#/components/schemas/${name}` });
  } catch (error) {
    console.log(`${name}: ${error.message}`);
    failed = 3;
  }
}
console.log(`OpenAPI ${validator.version}, ${Object.keys(document.paths).length} paths, `
  + `${Object.keys(document.components.schemas).length} schemas`);
process.exit(failed);
