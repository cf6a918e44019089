import type { CallBounds, KeyAccess, ModelAccess, VertexAccess } from '../analyzers/ports.ts';
import type { Settings } from './settings.ts';

/** How the settings say that each analyzer reaches its model. */
export function modelAccessOf(settings: Settings): ModelAccess {
  const key = keyAccessOf(settings);
  const vertexai = vertexAccessOf(settings);
  return { gemini: settings.useVertexAi === 'true' ? (vertexai ?? key) : (key ?? vertexai), vertexai };
}

function vertexAccessOf(settings: Settings): VertexAccess | undefined {
  const { googleCloudProject, googleCloudLocation, googleCredentials, vertexBaseUrl } = settings;
  if (googleCloudProject === '') return undefined;
  return {
    kind: 'vertex',
    project: googleCloudProject,
    location: googleCloudLocation,
    ...(googleCredentials !== '' && { credentialsFile: googleCredentials }),
    ...(vertexBaseUrl !== '' && { baseUrl: vertexBaseUrl }),
    ...boundsOf(settings),
  };
}

function keyAccessOf(settings: Settings): KeyAccess | undefined {
  const { geminiApiKey, geminiApiKeys, geminiBaseUrl } = settings;
  const named = [geminiApiKey, ...geminiApiKeys.split(',')].map((key) => key.trim());
  const keys = [...new Set(named.filter((key) => key !== ''))];
  if (keys.length === 0) return undefined;
  return { kind: 'key', keys, ...(geminiBaseUrl !== '' && { baseUrl: geminiBaseUrl }), ...boundsOf(settings) };
}

function boundsOf({ modelTimeoutMs, laneSlots }: Settings): CallBounds {
  return { timeoutMs: modelTimeoutMs, callsAtOnce: laneSlots };
}
