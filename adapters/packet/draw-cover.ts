import PDFDocument from 'pdfkit';
import type { CoverBlock, CoverDocument, CoverSection } from '../../domain/packet/cover.ts';
import { coverFonts } from './fonts.ts';
import { type Run, runsOf } from './runs.ts';

type Pdf = PDFKit.PDFDocument;

const MARGIN = 56;
const LABEL_WIDTH = 120;
const GAP = 12;
const ROW_GAP = 2;
const LEAST = 48;
const INK = '#1a1a1a';
const QUIET = '#5a5a5a';
const LINE = '#c8c8c8';

const SIZES = { title: 20, heading: 12.5, block: 9.5, text: 9.5, footer: 8 } as const;

/**
 * Draws a cover statement as PDF/A-2b, tagged, with its fonts inside. The same document is the same bytes: dates come from it, and
 * nothing else varies.
 */
export async function drawCover(cover: CoverDocument): Promise<Uint8Array> {
  const pdf = new PDFDocument({
    size: 'A4',
    margins: { top: MARGIN, left: MARGIN, right: MARGIN, bottom: MARGIN + 16 },
    bufferPages: true,
    // How well a text is compressed differs from processor to processor; a packet is the same bytes on all of them.
    compress: false,
    pdfVersion: '1.7',
    subset: 'PDF/A-2b',
    tagged: true,
    lang: cover.language,
    displayTitle: true,
    info: { Title: cover.title, Creator: 'interdict', Producer: 'interdict', CreationDate: new Date(cover.asOf), ModDate: new Date(cover.asOf) },
  });
  const done = collected(pdf);
  const page = new CoverPage(pdf, cover.language === 'zh-CN');
  page.body(cover);
  page.footers(cover.footer);
  pdf.end();
  return done;
}

function collected(pdf: Pdf): Promise<Uint8Array> {
  const pieces: Buffer[] = [];
  return new Promise((resolve, reject) => {
    pdf.on('data', (piece: Buffer) => pieces.push(piece));
    pdf.on('end', () => resolve(Buffer.concat(pieces)));
    pdf.on('error', reject);
  });
}

type Weight = 'regular' | 'bold';

interface DrawnRow {
  readonly label: readonly Run[];
  readonly value: readonly Run[];
}

/** Sets the parts of a cover one below the other. */
class CoverPage {
  readonly #pdf: Pdf;
  readonly #prefersChinese: boolean;
  readonly #root: PDFKit.PDFStructureElement;

  constructor(pdf: Pdf, prefersChinese: boolean) {
    this.#pdf = pdf;
    this.#prefersChinese = prefersChinese;
    for (const [script, weights] of Object.entries(coverFonts())) {
      for (const weight of ['regular', 'bold'] as const) pdf.registerFont(`${script}-${weight}`, weights[weight].bytes);
    }
    this.#root = pdf.struct('Document');
    pdf.addStructure(this.#root);
  }

  body({ title, opening, sections }: CoverDocument): void {
    this.#paragraph('H1', title, SIZES.title, 'bold');
    for (const text of opening) this.#paragraph('P', text, SIZES.text, 'regular');
    for (const section of sections) this.#section(section);
    this.#root.end();
  }

  #section({ heading, blocks }: CoverSection): void {
    const pdf = this.#pdf;
    const [first] = blocks;
    // A heading stays with what it is about.
    this.#keepTogether(3 * GAP + SIZES.heading + (first === undefined ? 0 : this.#blockHeight(first)));
    pdf.y += GAP;
    pdf.markContent('Artifact', { type: 'Layout' });
    pdf
      .moveTo(MARGIN, pdf.y)
      .lineTo(pdf.page.width - MARGIN, pdf.y)
      .lineWidth(0.5)
      .stroke(LINE);
    pdf.endMarkedContent();
    pdf.y += GAP / 2;
    this.#paragraph('H2', heading, SIZES.heading, 'bold');
    for (const block of blocks) this.#block(block);
  }

  #block(block: CoverBlock): void {
    if ('text' in block) {
      this.#paragraph('P', block.text, SIZES.text, 'regular');
      return;
    }
    const { title, rows } = block;
    this.#keepTogether(this.#blockHeight(block));
    if (title !== undefined) this.#paragraph('H3', title, SIZES.block, 'bold');
    const table = this.#pdf.struct('Table');
    this.#root.add(table);
    for (const row of rows) this.#row(table, this.#drawn(row));
    table.end();
    this.#pdf.y += GAP / 2;
  }

  #row(table: PDFKit.PDFStructureElement, row: DrawnRow): void {
    const pdf = this.#pdf;
    this.#keepTogether(this.#rowHeight(row));
    const top = pdf.y;
    const before = pdf.bufferedPageRange().count;
    const tr = pdf.struct('TR');
    table.add(tr);
    tr.add(pdf.struct('TH', {}, () => this.#text(row.label, { x: MARGIN, width: LABEL_WIDTH - GAP, size: SIZES.text, color: QUIET })));
    const below = pdf.y;
    pdf.y = top;
    tr.add(pdf.struct('TD', {}, () => this.#text(row.value, { x: MARGIN + LABEL_WIDTH, width: this.#valueWidth(), size: SIZES.text, color: INK })));
    tr.end();
    const hasTurned = pdf.bufferedPageRange().count > before;
    pdf.y = (hasTurned ? pdf.y : Math.max(pdf.y, below)) + ROW_GAP;
  }

  #drawn([label, value]: readonly [string, string]): DrawnRow {
    return { label: this.#runs(label, 'regular'), value: this.#runs(value, 'regular') };
  }

  #blockHeight(block: CoverBlock): number {
    if ('text' in block) return this.#height(this.#runs(block.text, 'regular'), this.#pdf.page.width - 2 * MARGIN);
    const rows = block.rows.reduce((sum, row) => sum + this.#rowHeight(this.#drawn(row)), 0);
    return rows + (block.title === undefined ? 0 : 2 * SIZES.block);
  }

  #valueWidth(): number {
    return this.#pdf.page.width - 2 * MARGIN - LABEL_WIDTH;
  }

  #rowHeight({ label, value }: DrawnRow): number {
    return Math.max(this.#height(label, LABEL_WIDTH - GAP), this.#height(value, this.#valueWidth())) + ROW_GAP;
  }

  #paragraph(tag: 'H1' | 'H2' | 'H3' | 'P', text: string, size: number, weight: Weight): void {
    const pdf = this.#pdf;
    const width = pdf.page.width - 2 * MARGIN;
    const runs = this.#runs(text, weight);
    this.#root.add(pdf.struct(tag, {}, () => this.#text(runs, { x: MARGIN, width, size, color: INK })));
    pdf.y += size / 2.5;
  }

  #text(runs: readonly Run[], { x, width, size, color }: { x: number; width: number; size: number; color: string }): void {
    const pdf = this.#pdf;
    pdf.fontSize(size).fillColor(color);
    const { y } = pdf;
    for (const [index, { font, text }] of runs.entries()) {
      const options = { width, continued: index < runs.length - 1, lineGap: 1.5 };
      pdf.font(font);
      if (index === 0) pdf.text(text, x, y, options);
      else pdf.text(text, options);
    }
  }

  #runs(text: string, weight: Weight): readonly Run[] {
    return runsOf(text, this.#prefersChinese ? ['chinese', 'latin'] : ['latin', 'chinese'], weight);
  }

  #height(runs: readonly Run[], width: number): number {
    const [first] = runs;
    if (first === undefined) return 0;
    return this.#pdf
      .font(first.font)
      .fontSize(SIZES.text)
      .heightOfString(runs.map(({ text }) => text).join(''), { width, lineGap: 1.5 });
  }

  /** Begins a new page when less than so much is left of this one. */
  #keepTogether(height: number): void {
    const { page, y } = this.#pdf;
    const bottom = page.height - page.margins.bottom;
    // What is longer than a page goes on over the next ones; its beginning still needs a few lines.
    const needed = height < bottom - MARGIN ? height : LEAST;
    if (y + needed > bottom) this.#pdf.addPage();
  }

  footers(text: string): void {
    const pdf = this.#pdf;
    const { start, count } = pdf.bufferedPageRange();
    for (let index = start; index < start + count; index++) {
      pdf.switchToPage(index);
      pdf.page.margins.bottom = 0;
      const line = text.replace('{page}', String(index + 1)).replace('{pages}', String(count));
      pdf.markContent('Artifact', { type: 'Pagination' });
      pdf.y = pdf.page.height - MARGIN + 12;
      this.#text(this.#runs(line, 'regular'), { x: MARGIN, width: pdf.page.width - 2 * MARGIN, size: SIZES.footer, color: QUIET });
      pdf.endMarkedContent();
    }
  }
}
