// What a file of indicators says of itself before it is sent.
export interface Sniffed {
  format: 'stix' | 'misp' | null; // null: neither is recognised
  name: string;
}

const kLooked = 64 * 1024;

export async function sniff(file: File): Promise<Sniffed> {
  return sniffText(await file.slice(0, kLooked).text(), file.name);
}

// The beginning is enough, so that a file of 30 MiB is not parsed here.
export function sniffText(text: string, fileName: string): Sniffed {
  const plain = fileName.replace(/\.(json|misp|stix2?)$/i, '').slice(0, 100);
  if (/"type"\s*:\s*"(bundle|indicator)"|"spec_version"|"objects"\s*:/.test(text))
    return { format: 'stix', name: plain };
  if (/"(Event|Attribute|response)"\s*:/.test(text))
    return {
      format: 'misp',
      name: (/"info"\s*:\s*"([^"\\]{1,100})"/.exec(text)?.[1] ?? plain).slice(0, 100),
    };
  return { format: null, name: plain };
}
