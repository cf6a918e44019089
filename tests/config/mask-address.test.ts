import { expect, it } from 'vitest';
import { maskAddress } from '../../config/mask-address.ts';

it.each([
  ['https://me:word@proxy.example.com/v1', 'https://***@proxy.example.com/v1'],
  ['https://me:w@rd@proxy.example.com', 'https://***@proxy.example.com'],
  ['https://token@proxy.example.com:8443', 'https://***@proxy.example.com:8443'],
  ['https://proxy.example.com/?key=abc', 'https://proxy.example.com/?key=***'],
  ['https://a.example.com/x?a=1&API_KEY=abc&b=2#c', 'https://a.example.com/x?a=1&API_KEY=***&b=2#c'],
  ['https://a.example.com/x?access_token=abc', 'https://a.example.com/x?access_token=***'],
  ['https://a.example.com/x?X-Goog-Signature=abc', 'https://a.example.com/x?X-Goog-Signature=***'],
  ['bq://my-project.results?mode=load&bucket=rows', 'bq://my-project.results?mode=load&bucket=rows'],
  ['https://a.example.com/@me', 'https://a.example.com/@me'],
  ['localhost:7233', 'localhost:7233'],
  ['/data/me@home', '/data/me@home'],
])('%s is shown as %s', (text, shown) => expect(maskAddress(text)).toBe(shown));
