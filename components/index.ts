/** The library: one component a file. */
export { AutoScalingFleet } from "./autoScalingFleet";
export type { AutoScalingFleetArgs } from "./autoScalingFleetArgs";
export type { BaseImageArgs } from "./baseImageArgs";
export { BaseInstance, type BaseInstanceArgs } from "./baseInstance";
export type { BaseInstanceSettings, VolumeArgs } from "./baseInstanceSettings";
export type { BootProofArgs } from "./bootProofArgs";
export { FailoverRecords } from "./failoverRecords";
export type { FailoverRecordsArgs, FailoverTarget } from "./failoverRecordsArgs";
export type { InstanceMaintenanceArgs, LifecycleHookArgs, MixedInstancesArgs, WarmPoolArgs } from "./fleetCapacityArgs";
export { FleetNetwork, type FleetNetworkArgs } from "./fleetNetwork";
export type { GateArgs } from "./gates/gateArgs";
export { ImageCopies } from "./imageCopies";
export type { ImageCopiesArgs } from "./imageCopiesArgs";
export { ImageKeys, type ImageKeysArgs } from "./imageKeys";
export { ImageParameters } from "./imageParameters";
export type { ImageParametersArgs } from "./imageParametersArgs";
export { ImageRetention, type ImageRetentionArgs } from "./imageRetention";
export { ImageSharing, type ImageSharingArgs } from "./imageSharing";
export { ImageVersions } from "./imageVersions";
export type { AdoptedImage, ImageVersionsArgs, PromotedImage, ShareWith } from "./imageVersionsArgs";
export { InstanceBackups } from "./instanceBackups";
export type { BackupCopy, BackupPeriod, BackupSchedule, InstanceBackupsArgs } from "./instanceBackupsArgs";
export { LaunchTemplate } from "./launchTemplate";
export type { LaunchTemplateArgs } from "./launchTemplateArgs";
export type { LoadBalancerArgs, TargetHealthCheckArgs, TargetRuleArgs } from "./loadBalancerArgs";
export { MachineImage } from "./machineImage";
export type { MachineImageArgs } from "./machineImageArgs";
export type { MonitoringArgs } from "./monitoringArgs";
export type {
  AppStep,
  FileStep,
  FirewallStep,
  HttpCheck,
  NodejsStep,
  Pm2Step,
  Recipe,
  RecipeCheck,
  RecipeStep,
  ServiceStep,
  UserStep,
} from "./recipe";
export { RecoveryRegion } from "./recoveryRegion";
export type { RecoveryRegionArgs } from "./recoveryRegionArgs";
export type { RolloutArgs } from "./rolloutArgs";
export type { ScalingArgs, ScheduledScalingArgs, StepArgs, StepScalingArgs } from "./scalingArgs";
export { StandaloneInstances } from "./standaloneInstances";
export type { StandaloneInstancesArgs } from "./standaloneInstancesArgs";
