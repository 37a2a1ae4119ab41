/** The part of WebXR that `headset.js` uses; TypeScript's own library does not have it. */

interface XRRigidTransform {
  readonly position: DOMPointReadOnly;
  readonly orientation: DOMPointReadOnly;
}

type XRSpace = EventTarget;
type XRReferenceSpace = XRSpace;

interface XRPose {
  readonly transform: XRRigidTransform;
}

type XRJointSpace = XRSpace;
type XRHitTestSource = object;

interface XRHitTestResult {
  getPose(base: XRSpace): XRPose | undefined;
}

/** Beside the type that browsers agree on, which TypeScript has. */
interface Gamepad {
  readonly hapticActuators?: readonly { pulse?(strength: number, millis: number): Promise<boolean> }[];
}

interface XRView {
  readonly projectionMatrix: Float32Array;
  readonly transform: XRRigidTransform;
}

interface XRViewerPose extends XRPose {
  readonly views: readonly XRView[];
}

interface XRInputSource {
  readonly handedness: "left" | "none" | "right";
  readonly targetRayMode: "gaze" | "tracked-pointer" | "screen" | "transient-pointer";
  readonly targetRaySpace: XRSpace;
  readonly gripSpace?: XRSpace;
  readonly gamepad?: Gamepad;
  readonly hand?: ReadonlyMap<string, XRJointSpace>;
}

interface XRFrame {
  readonly session: XRSession;
  getPose(space: XRSpace, base: XRSpace): XRPose | undefined;
  getViewerPose(base: XRReferenceSpace): XRViewerPose | undefined;
  fillPoses?(spaces: XRSpace[], base: XRSpace, transforms: Float32Array): boolean;
  fillJointRadii?(spaces: XRJointSpace[], radii: Float32Array): boolean;
  getHitTestResults?(source: XRHitTestSource): readonly XRHitTestResult[];
}

type XRFrameRequestCallback = (time: number, frame: XRFrame) => void;

interface XRInputSourceEvent extends Event {
  readonly frame: XRFrame;
  readonly inputSource: XRInputSource;
}

interface XRSession extends EventTarget {
  readonly inputSources: Iterable<XRInputSource>;
  readonly visibilityState: "visible" | "visible-blurred" | "hidden";
  readonly supportedFrameRates?: Float32Array;
  readonly frameRate?: number;
  readonly domOverlayState?: { readonly type: "screen" | "floating" | "head-locked" } | null;
  updateTargetFrameRate?(rate: number): Promise<void>;
  requestReferenceSpace(type: "local" | "local-floor" | "viewer"): Promise<XRReferenceSpace>;
  requestHitTestSource?(how: { space: XRSpace }): Promise<XRHitTestSource>;
  requestAnimationFrame(callback: XRFrameRequestCallback): number;
  updateRenderState(state: { baseLayer: XRWebGLLayer; depthNear: number; depthFar: number }): void;
  end(): Promise<void>;
}

interface XRViewport {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

declare class XRWebGLLayer {
  constructor(session: XRSession, context: WebGL2RenderingContext, how: { antialias: boolean; depth: boolean; stencil: boolean });
  readonly framebuffer: WebGLFramebuffer | null;
  readonly framebufferWidth: number;
  readonly framebufferHeight: number;
  fixedFoveation?: number | null;
  getViewport(view: XRView): XRViewport | undefined;
}

type XRSessionMode = "immersive-vr" | "immersive-ar";

interface XRSystem extends EventTarget {
  isSessionSupported(mode: XRSessionMode): Promise<boolean>;
  requestSession(mode: XRSessionMode, how: { optionalFeatures: string[]; domOverlay?: { root: Element } }): Promise<XRSession>;
}

interface Navigator {
  readonly xr?: XRSystem;
}
