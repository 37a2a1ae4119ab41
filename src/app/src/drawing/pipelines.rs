//! The pipelines, and how what they draw is laid out in memory.

use super::{
    canvas::{COLOR, DEPTH},
    device::RenderDevice,
    stage::{CORNER_BYTES, Stuff},
};
use crate::room::model::Finish;

/// Bytes of a corner of a lantern: position, normal, glow.
pub(super) const LANTERN_STRIDE: u64 = 28;

/// A shader that knows of the frame, and of light and what is seen of it.
macro_rules! shader {
    ($file:literal) => {
        concat!(
            include_str!("light.wgsl"),
            include_str!("frame.wgsl"),
            include_str!($file)
        )
    };
}

const SURFACE: &str = shader!("surface.wgsl");
const LANTERN: &str = shader!("lantern.wgsl");
const VEIL: &str = shader!("veil.wgsl");

/// All pipelines, and the layouts of their bindings.
pub(super) struct Pipelines {
    pub(super) frame_layout: wgpu::BindGroupLayout,
    pub(super) stuff_layout: wgpu::BindGroupLayout,
    pub(super) light_layout: wgpu::BindGroupLayout,
    pub(super) lantern_layout: wgpu::BindGroupLayout,
    pub(super) lantern: wgpu::RenderPipeline,
    pub(super) paper: wgpu::RenderPipeline,
    pub(super) blink: wgpu::RenderPipeline,
    matte: wgpu::RenderPipeline,
    matte_both_sides: wgpu::RenderPipeline,
    glossy: wgpu::RenderPipeline,
    glossy_both_sides: wgpu::RenderPipeline,
    foliage: wgpu::RenderPipeline,
    sky: wgpu::RenderPipeline,
    water: wgpu::RenderPipeline,
    glass: wgpu::RenderPipeline,
}

/// What a pipeline differs in from the others.
struct Recipe<'a> {
    label: &'a str,
    shader: &'a wgpu::ShaderModule,
    fragment: &'a str,
    /// What it reads besides the frame.
    more: &'a [&'a wgpu::BindGroupLayout],
    /// What has no corners of its own covers everything.
    vertices: Option<wgpu::VertexBufferLayout<'a>>,
    cull: bool,
    blends: bool,
    /// Whether what is behind it is hidden from then on.
    hides: bool,
}

impl Pipelines {
    pub(super) fn new(device: &RenderDevice, samples: u32) -> Self {
        let frame_layout = layout(device, "frame", &[uniform(0)]);
        let stuff = [uniform(0), picture(1), sampler(2)];
        let stuff_layout = layout(device, "stuff", &stuff);
        let light_layout = layout(device, "light", &[picture(0), sampler(1)]);
        let lantern_layout = layout(device, "lantern", &[uniform(0)]);
        let module = |label, source: &'static str| {
            device.create_shader_module(wgpu::ShaderModuleDescriptor {
                label: Some(label),
                source: wgpu::ShaderSource::Wgsl(source.into()),
            })
        };
        let surface_shader = module("surface", SURFACE);
        let lantern_shader = module("lantern", LANTERN);
        let veil_shader = module("veil", VEIL);
        let surface_corner = wgpu::vertex_attr_array![
            0 => Float32x3, 1 => Snorm16x4, 2 => Float32x2, 3 => Unorm16x2, 4 => Unorm8x4
        ];
        let lantern_corner = wgpu::vertex_attr_array![0 => Float32x3, 1 => Float32x3, 2 => Float32];
        let make = |recipe: Recipe<'_>| pipeline(device, samples, &frame_layout, &recipe);
        let surface = |fragment, cull| {
            make(Recipe {
                label: fragment,
                shader: &surface_shader,
                fragment,
                more: &[&light_layout, &stuff_layout],
                vertices: Some(corners(CORNER_BYTES as u64, &surface_corner)),
                cull,
                blends: false,
                hides: true,
            })
        };
        let veil = |fragment| {
            make(Recipe {
                label: fragment,
                shader: &veil_shader,
                fragment,
                more: &[],
                vertices: None,
                cull: false,
                blends: true,
                hides: false,
            })
        };
        Self {
            lantern: make(Recipe {
                label: "lantern",
                shader: &lantern_shader,
                fragment: "fragment",
                more: &[&lantern_layout],
                vertices: Some(corners(LANTERN_STRIDE, &lantern_corner)),
                cull: true,
                blends: true,
                hides: true,
            }),
            paper: veil("paper"),
            blink: veil("blink"),
            matte: surface("matte", true),
            matte_both_sides: surface("matte", false),
            glossy: surface("glossy", true),
            glossy_both_sides: surface("glossy", false),
            foliage: surface("foliage", false),
            sky: surface("sky", false),
            water: surface("water", false),
            glass: make(Recipe {
                label: "glass",
                shader: &surface_shader,
                fragment: "glass",
                more: &[&light_layout, &stuff_layout],
                vertices: Some(corners(CORNER_BYTES as u64, &surface_corner)),
                cull: false,
                blends: true,
                hides: false,
            }),
            frame_layout,
            stuff_layout,
            light_layout,
            lantern_layout,
        }
    }

    /// The pipeline for a surface.
    pub(super) fn of(&self, stuff: &Stuff) -> &wgpu::RenderPipeline {
        match stuff.finish {
            Finish::Baked => match (stuff.glossy, stuff.double_sided) {
                (false, false) => &self.matte,
                (false, true) => &self.matte_both_sides,
                (true, false) => &self.glossy,
                (true, true) => &self.glossy_both_sides,
            },
            Finish::Foliage => &self.foliage,
            Finish::Sky => &self.sky,
            Finish::Water => &self.water,
            Finish::Glass => &self.glass,
        }
    }
}

fn pipeline(
    device: &wgpu::Device,
    samples: u32,
    frame: &wgpu::BindGroupLayout,
    recipe: &Recipe<'_>,
) -> wgpu::RenderPipeline {
    let mut groups = vec![Some(frame)];
    groups.extend(recipe.more.iter().copied().map(Some));
    let layout = device.create_pipeline_layout(&wgpu::PipelineLayoutDescriptor {
        label: Some(recipe.label),
        bind_group_layouts: &groups,
        immediate_size: 0,
    });
    device.create_render_pipeline(&wgpu::RenderPipelineDescriptor {
        label: Some(recipe.label),
        layout: Some(&layout),
        vertex: wgpu::VertexState {
            module: recipe.shader,
            entry_point: Some("vertex"),
            compilation_options: wgpu::PipelineCompilationOptions::default(),
            buffers: recipe.vertices.as_slice(),
        },
        primitive: wgpu::PrimitiveState {
            cull_mode: recipe.cull.then_some(wgpu::Face::Back),
            ..wgpu::PrimitiveState::default()
        },
        depth_stencil: Some(wgpu::DepthStencilState {
            format: DEPTH,
            depth_write_enabled: Some(recipe.hides),
            depth_compare: Some(if recipe.vertices.is_none() {
                wgpu::CompareFunction::Always
            } else {
                wgpu::CompareFunction::GreaterEqual
            }),
            stencil: wgpu::StencilState::default(),
            bias: wgpu::DepthBiasState::default(),
        }),
        multisample: wgpu::MultisampleState {
            count: samples,
            ..wgpu::MultisampleState::default()
        },
        fragment: Some(wgpu::FragmentState {
            module: recipe.shader,
            entry_point: Some(recipe.fragment),
            compilation_options: wgpu::PipelineCompilationOptions::default(),
            targets: &[Some(wgpu::ColorTargetState {
                format: COLOR,
                blend: recipe.blends.then_some(wgpu::BlendState::ALPHA_BLENDING),
                write_mask: wgpu::ColorWrites::ALL,
            })],
        }),
        multiview_mask: None,
        cache: None,
    })
}

/// A pipeline that fills what it is drawn into, without depth or samples, and the layout of what
/// its shader reads.
pub(super) fn filling(
    device: &wgpu::Device,
    label: &str,
    source: &'static str,
    entries: &[wgpu::BindGroupLayoutEntry],
    format: wgpu::TextureFormat,
) -> (wgpu::RenderPipeline, wgpu::BindGroupLayout) {
    let bindings = layout(device, label, entries);
    let module = device.create_shader_module(wgpu::ShaderModuleDescriptor {
        label: Some(label),
        source: wgpu::ShaderSource::Wgsl(source.into()),
    });
    let layout = device.create_pipeline_layout(&wgpu::PipelineLayoutDescriptor {
        label: Some(label),
        bind_group_layouts: &[Some(&bindings)],
        immediate_size: 0,
    });
    let pipeline = device.create_render_pipeline(&wgpu::RenderPipelineDescriptor {
        label: Some(label),
        layout: Some(&layout),
        vertex: wgpu::VertexState {
            module: &module,
            entry_point: Some("vertex"),
            compilation_options: wgpu::PipelineCompilationOptions::default(),
            buffers: &[],
        },
        primitive: wgpu::PrimitiveState::default(),
        depth_stencil: None,
        multisample: wgpu::MultisampleState::default(),
        fragment: Some(wgpu::FragmentState {
            module: &module,
            entry_point: Some("fragment"),
            compilation_options: wgpu::PipelineCompilationOptions::default(),
            targets: &[Some(format.into())],
        }),
        multiview_mask: None,
        cache: None,
    });
    (pipeline, bindings)
}

fn corners(stride: u64, attributes: &[wgpu::VertexAttribute]) -> wgpu::VertexBufferLayout<'_> {
    wgpu::VertexBufferLayout {
        array_stride: stride,
        step_mode: wgpu::VertexStepMode::Vertex,
        attributes,
    }
}

pub(super) fn layout(
    device: &wgpu::Device,
    label: &str,
    entries: &[wgpu::BindGroupLayoutEntry],
) -> wgpu::BindGroupLayout {
    device.create_bind_group_layout(&wgpu::BindGroupLayoutDescriptor {
        label: Some(label),
        entries,
    })
}

fn entry(binding: u32, ty: wgpu::BindingType) -> wgpu::BindGroupLayoutEntry {
    wgpu::BindGroupLayoutEntry {
        binding,
        visibility: wgpu::ShaderStages::VERTEX_FRAGMENT,
        ty,
        count: None,
    }
}

pub(super) fn uniform(binding: u32) -> wgpu::BindGroupLayoutEntry {
    let ty = wgpu::BindingType::Buffer {
        ty: wgpu::BufferBindingType::Uniform,
        has_dynamic_offset: false,
        min_binding_size: None,
    };
    entry(binding, ty)
}

pub(super) fn picture(binding: u32) -> wgpu::BindGroupLayoutEntry {
    let ty = wgpu::BindingType::Texture {
        sample_type: wgpu::TextureSampleType::Float { filterable: true },
        view_dimension: wgpu::TextureViewDimension::D2,
        multisampled: false,
    };
    entry(binding, ty)
}

pub(super) fn sampler(binding: u32) -> wgpu::BindGroupLayoutEntry {
    entry(
        binding,
        wgpu::BindingType::Sampler(wgpu::SamplerBindingType::Filtering),
    )
}
