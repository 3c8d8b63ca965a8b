import { blockBytes, formatBlocks, formatBytes, formatCount, formatPercent } from '../../shared/format.ts';
import { defineRule } from './rule.ts';
import { numberDetail } from './wording.ts';

/** 8 MiB of pages. */
const manyImages = 1000;
/** Where half of what is logged are whole pages, it is checkpoints that make the volume, not the rows. */
const imageShare = 0.5;

/**
 * Write-ahead log that is mostly whole pages.
 * Why: the first change of a page after a checkpoint logs the page as a whole; frequent checkpoints make that the rule.
 * Threshold: 1,000 pages, and half of what was logged.
 * Trap: compression (wal_compression) makes images smaller: their share is then an upper bound. Temporary and unlogged
 * tables log nothing.
 * Savable: not said: logging is spread over the nodes' own times and the checkpoints.
 * Fix: checkpoints further apart (max_wal_size, checkpoint_timeout), or wal_compression.
 */
export const fullPageImages = defineRule({
  id: 'full-page-images',
  check: (context) => {
    const { root } = context;
    if (root === undefined) return [];
    const images = numberDetail(root, 'WAL FPI') ?? 0;
    const bytes = numberDetail(root, 'WAL Bytes') ?? 0;
    if (images < manyImages || bytes <= 0) return [];
    const share = Math.min(1, (images * blockBytes) / bytes);
    if (share < imageShare) return [];
    return [
      context.discover({
        node: root,
        severity: 'info',
        title: `Write-ahead log is mostly whole pages: ${formatCount(images)} of them`,
        detail: `Of ${formatBytes(bytes)} logged, up to ${formatBlocks(images)} (${formatPercent(share)}) are images of pages that were changed for the first time since a checkpoint.`,
        evidence: {
          fullPageImages: images,
          walBytes: bytes,
          imageShare: share,
          imagesLimit: manyImages,
          imageShareLimit: imageShare,
        },
        fix: 'Let checkpoints come further apart (max_wal_size, checkpoint_timeout), or turn wal_compression on.',
      }),
    ];
  },
});
