export {
  machineClaimsSchema,
  signMachineToken,
  signViewerToken,
  viewerClaimsSchema,
  type MachineClaims,
  type SigningKey,
  type ViewerClaims,
} from "./tokens.ts";
export { IngestError } from "./errors.ts";
