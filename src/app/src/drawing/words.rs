//! The boards on which words stand in the room – a panel, and the name of something – as both eyes
//! see them. They share a picture.

use super::{
    canvas::{COLOR, DEPTH},
    kit::{Kit, bindings},
    letters::Letters,
    list::List,
    pipelines::{layout, picture, sampler, uniform},
    told::{Part, STAND_BYTES, STANDS},
};
use crate::headset::{Board, LABEL_TOP_PX, Painted, SHEET_PX};

const SHADER: &str = concat!(include_str!("frame.wgsl"), include_str!("words.wgsl"));

/// Where in the picture is what each board shows, pixels from above.
const TOPS_PX: [f32; STANDS] = [0.0, LABEL_TOP_PX];
/// What is told of a board that is not there.
const NOWHERE: [f32; STAND_BYTES as usize / 4] = [0.0; STAND_BYTES as usize / 4];

/// What shows the boards.
pub(super) struct Words {
    pipeline: wgpu::RenderPipeline,
    bindings: wgpu::BindGroup,
    /// What the shader is told of each, while it is shown.
    stands: [Option<Vec<f32>>; STANDS],
    letters: Letters,
}

impl Words {
    /// Where the room is drawn with so many `samples`.
    pub(super) fn new(device: &wgpu::Device, queue: &wgpu::Queue, kit: &Kit, samples: u32) -> Self {
        let entries = [uniform(0), picture(1), sampler(2)];
        let layout = layout(device, "words", &entries);
        let letters = Letters::new(device, queue);
        let bindings = device.create_bind_group(&wgpu::BindGroupDescriptor {
            label: Some("words"),
            layout: &layout,
            entries: &bindings([
                kit.told.binding(Part::Stands),
                wgpu::BindingResource::TextureView(&letters.picture),
                wgpu::BindingResource::Sampler(&kit.samplers.once),
            ]),
        });
        Self {
            pipeline: pipeline(device, &kit.pipelines.frame_layout, &layout, samples),
            bindings,
            stands: [None, None],
            letters,
        }
    }

    /// Takes over where the boards stand, and what is painted on them if that has changed.
    pub(super) fn take(
        &mut self,
        boards: [Option<&Board>; STANDS],
        painted: Option<&Painted>,
        device: &wgpu::Device,
        queue: &wgpu::Queue,
    ) {
        if let Some(painted) = painted {
            self.letters.paint(painted, device, queue);
        }
        for ((stand, board), top_px) in self.stands.iter_mut().zip(boards).zip(TOPS_PX) {
            *stand = board.map(|board| {
                let corners = board.corners().map(|it| it.extend(0.0).to_array());
                let shown = board.size_px / SHEET_PX;
                let mut uniforms = Vec::from(corners.as_flattened());
                uniforms.extend([shown.x, shown.y, 0.0, top_px / SHEET_PX.y]);
                uniforms
            });
        }
    }

    /// Tells the shader where they stand. One that is not there has no size.
    pub(super) fn tell(&self, kit: &Kit, list: &mut List) {
        for (from, stand) in (0..).step_by(STAND_BYTES as usize).zip(&self.stands) {
            let told = stand.as_deref().unwrap_or(&NOWHERE);
            list.tell_shaders(&kit.told, Part::Stands, from, told.iter().copied());
        }
    }

    /// Draws them where the frame's uniforms are bound, whether they are there or not: a name that
    /// appears over something draws nothing that was not drawn before, and so can be told again.
    pub(super) fn draw(&self, list: &mut List) {
        list.set_pipeline(&self.pipeline);
        list.set_bind_group(1, &self.bindings);
        list.draw_corners(0..6, 0..STANDS as u32);
    }
}

fn pipeline(
    device: &wgpu::Device,
    frame: &wgpu::BindGroupLayout,
    words: &wgpu::BindGroupLayout,
    samples: u32,
) -> wgpu::RenderPipeline {
    let module = device.create_shader_module(wgpu::ShaderModuleDescriptor {
        label: Some("words"),
        source: wgpu::ShaderSource::Wgsl(SHADER.into()),
    });
    let layout = device.create_pipeline_layout(&wgpu::PipelineLayoutDescriptor {
        label: Some("words"),
        bind_group_layouts: &[Some(frame), Some(words)],
        immediate_size: 0,
    });
    device.create_render_pipeline(&wgpu::RenderPipelineDescriptor {
        label: Some("words"),
        layout: Some(&layout),
        vertex: wgpu::VertexState {
            module: &module,
            entry_point: Some("vertex"),
            compilation_options: wgpu::PipelineCompilationOptions::default(),
            buffers: &[],
        },
        primitive: wgpu::PrimitiveState::default(),
        depth_stencil: Some(wgpu::DepthStencilState {
            format: DEPTH,
            depth_write_enabled: Some(true),
            depth_compare: Some(wgpu::CompareFunction::GreaterEqual),
            stencil: wgpu::StencilState::default(),
            bias: wgpu::DepthBiasState::default(),
        }),
        multisample: wgpu::MultisampleState {
            count: samples,
            ..wgpu::MultisampleState::default()
        },
        fragment: Some(wgpu::FragmentState {
            module: &module,
            entry_point: Some("fragment"),
            compilation_options: wgpu::PipelineCompilationOptions::default(),
            targets: &[Some(wgpu::ColorTargetState {
                format: COLOR,
                blend: Some(wgpu::BlendState::ALPHA_BLENDING),
                write_mask: wgpu::ColorWrites::ALL,
            })],
        }),
        multiview_mask: None,
        cache: None,
    })
}
