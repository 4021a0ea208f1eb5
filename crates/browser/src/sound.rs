//! One soft tone. Nothing is opened before the first.

use web_sys::{AudioContext, OscillatorType};

/// Pitch of the tone, Hz.
const PITCH: f32 = 587.0;
/// Its loudness, 0–1.
const LOUDNESS: f32 = 0.18;
/// How long it swells and fades, seconds.
const SWELL_S: f64 = 0.06;
const FADE_S: f64 = 0.9;

/// What tones come out of; opened with the first and kept, for browsers allow few.
#[derive(Debug, Default)]
pub struct Tone {
    context: Option<AudioContext>,
}

impl Tone {
    /// Sounds once. A browser that wants a touch of the page before it lets anything sound stays silent.
    pub fn sound(&mut self) {
        if self.context.is_none() {
            self.context = AudioContext::new().ok();
        }
        if let Some(context) = &self.context {
            // A silent tone harms nobody, and there is nobody to tell.
            let _ = play(context);
        }
    }
}

impl Drop for Tone {
    fn drop(&mut self) {
        if let Some(context) = self.context.take() {
            let _ = context.close();
        }
    }
}

fn play(context: &AudioContext) -> Result<(), wasm_bindgen::JsValue> {
    let _ = context.resume()?;
    let (tone, gain) = (context.create_oscillator()?, context.create_gain()?);
    let now = context.current_time();
    tone.set_type(OscillatorType::Sine);
    tone.frequency().set_value(PITCH);
    gain.gain().set_value_at_time(0.0, now)?;
    gain.gain().linear_ramp_to_value_at_time(LOUDNESS, now + SWELL_S)?;
    gain.gain().linear_ramp_to_value_at_time(0.0, now + FADE_S)?;
    tone.connect_with_audio_node(&gain)?.connect_with_audio_node(&context.destination())?;
    tone.start()?;
    tone.stop_with_when(now + FADE_S)
}
