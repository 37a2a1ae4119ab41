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
}

interface XRFrame {
  readonly session: XRSession;
  getPose(space: XRSpace, base: XRSpace): XRPose | undefined;
  getViewerPose(base: XRReferenceSpace): XRViewerPose | undefined;
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
  updateTargetFrameRate?(rate: number): Promise<void>;
  requestReferenceSpace(type: "local" | "local-floor"): Promise<XRReferenceSpace>;
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
  getViewport(view: XRView): XRViewport | undefined;
}

interface XRSystem extends EventTarget {
  isSessionSupported(mode: "immersive-vr"): Promise<boolean>;
  requestSession(mode: "immersive-vr", how: { optionalFeatures: string[] }): Promise<XRSession>;
}

interface Navigator {
  readonly xr?: XRSystem;
}
