//! The boards on which words stand in the room – a panel, and the name of something – as both eyes
//! see them. They share a picture.

use super::{
    canvas::{COLOR, DEPTH},
    kit::Kit,
    letters::{Letters, linear},
    list::List,
    pipelines::{layout, picture, sampler, uniform},
    told::Part,
};
use crate::headset::{Board, LABEL_TOP_PX, Painted, SHEET_PX};

const SHADER: &str = concat!(include_str!("frame.wgsl"), include_str!("words.wgsl"));

/// Where in the picture is what each board shows, pixels from above.
const TOPS_PX: [f32; 2] = [0.0, LABEL_TOP_PX];

/// What shows the boards.
pub(super) struct Words {
    pipeline: wgpu::RenderPipeline,
    stands: [Stand; 2],
    letters: Letters,
}

/// Where a board stands.
struct Stand {
    bindings: wgpu::BindGroup,
    /// What its shader is told, while it is shown.
    told: Option<Vec<f32>>,
}

impl Words {
    /// Where the room is drawn with so many `samples`.
    pub(super) fn new(device: &wgpu::Device, queue: &wgpu::Queue, kit: &Kit, samples: u32) -> Self {
        let entries = [uniform(0), picture(1), sampler(2)];
        let layout = layout(device, "words", &entries);
        let letters = Letters::new(device, queue);
        let stands = [0, 1].map(|it| {
            let told = kit.told.binding(Part::Stand(it));
            Stand::new(device, &layout, told, &letters)
        });
        Self {
            pipeline: pipeline(device, &kit.pipelines.frame_layout, &layout, samples),
            stands,
            letters,
        }
    }

    /// Takes over where the boards stand, and what is painted on them if that has changed.
    pub(super) fn take(
        &mut self,
        boards: [Option<&Board>; 2],
        painted: Option<&Painted>,
        device: &wgpu::Device,
        queue: &wgpu::Queue,
    ) {
        if let Some(painted) = painted {
            self.letters.paint(painted, device, queue);
        }
        for ((stand, board), top_px) in self.stands.iter_mut().zip(boards).zip(TOPS_PX) {
            stand.told = board.map(|board| {
                let corners = board.corners().map(|it| it.extend(0.0).to_array());
                let shown = board.size_px / SHEET_PX;
                let mut uniforms = Vec::from(corners.as_flattened());
                uniforms.extend([shown.x, shown.y, 0.0, top_px / SHEET_PX.y]);
                uniforms
            });
        }
    }

    /// Tells the shaders where they stand.
    pub(super) fn tell(&self, kit: &Kit, list: &mut List) {
        for (i, stand) in self.stands.iter().enumerate() {
            if let Some(told) = &stand.told {
                list.tell_shaders(&kit.told, Part::Stand(i), 0, told.iter().copied());
            }
        }
    }

    /// Draws them where the frame's uniforms are bound.
    pub(super) fn draw(&self, list: &mut List) {
        for stand in self.stands.iter().filter(|it| it.told.is_some()) {
            list.set_pipeline(&self.pipeline);
            list.set_bind_group(1, &stand.bindings);
            list.draw(0..6);
        }
    }
}

impl Stand {
    fn new(
        device: &wgpu::Device,
        layout: &wgpu::BindGroupLayout,
        told: wgpu::BindingResource<'_>,
        letters: &Letters,
    ) -> Self {
        let bind = |binding, resource| wgpu::BindGroupEntry { binding, resource };
        let bindings = device.create_bind_group(&wgpu::BindGroupDescriptor {
            label: Some("words"),
            layout,
            entries: &[
                bind(0, told),
                bind(1, wgpu::BindingResource::TextureView(&letters.picture)),
                bind(2, wgpu::BindingResource::Sampler(&linear(device))),
            ],
        });
        Self {
            bindings,
            told: None,
        }
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
