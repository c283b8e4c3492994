/** Loaded before the functions: they ask here for the workbook's policy and date and for the sign-in. */

import { authorization } from "./signin.js";
import { settings } from "./workbook.js";

globalThis.fardkost = Object.assign(globalThis.fardkost || {}, { authorization, settings });
