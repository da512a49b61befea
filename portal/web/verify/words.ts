/** Texts of the page that checks a file. It is one file without a server, so it brings them along. */
export interface Words {
  readonly lang: string;
  readonly title: string;
  readonly lead: string;
  readonly drop: string;
  readonly working: string;
  readonly unreadable: string;
  readonly good: string;
  readonly bad: string;
  readonly isSame: string;
  readonly differs: string;
  readonly notHere: string;
  decided(count: number, foreign: number): string;
}

const EN: Words = {
  lang: 'en',
  title: 'Check an exported history',
  lead: 'Everything happens in this page: it sends nothing, and works from a disk with the network off.',
  drop: 'Drop an exported history here, or choose a file.',
  working: 'Checking …',
  unreadable: 'The file cannot be read.',
  good: 'Nothing is broken: every hash, link, seal and disclosure holds.',
  bad: 'Broken:',
  isSame: 'decided again: the same',
  differs: 'decided again: differs',
  notHere: 'not decided again here',
  decided: (count, foreign) =>
    `${count} decisions were decided again and come out the same.${foreign === 0 ? '' : ` ${foreign} were made by other rules than those of this page: use "interdict replay" for them.`}`,
};

const ZH: Words = {
  lang: 'zh',
  title: '核验导出的记录',
  lead: '一切都在本页面内完成:不发送任何数据,断网也可从磁盘打开使用。',
  drop: '将导出的记录拖到此处,或选择文件。',
  working: '正在核验……',
  unreadable: '无法读取该文件。',
  good: '未发现任何破坏:所有哈希、链接、封存与披露均成立。',
  bad: '已被破坏:',
  isSame: '重新裁决:一致',
  differs: '重新裁决:不一致',
  notHere: '未在此重新裁决',
  decided: (count, foreign) =>
    `${count} 项裁决已重新作出,结果一致。${foreign === 0 ? '' : `另有 ${foreign} 项由其他版本的规则作出,请使用 "interdict replay"。`}`,
};

/** The words for a reader's languages; English where none fits. */
export function wordsFor(languages: readonly string[]): Words {
  return languages[0]?.toLowerCase().startsWith('zh') === true ? ZH : EN;
}
