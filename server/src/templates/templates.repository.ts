import { Injectable } from '@nestjs/common';
import { DataSource, type Repository } from 'typeorm';
import { TemplateEntity } from './template.entity.js';

@Injectable()
export class TemplatesRepository {
  constructor(private readonly dataSource: DataSource) {}

  all(): Promise<TemplateEntity[]> {
    return this.templates().find({ order: { name: 'ASC' } });
  }

  find(name: string): Promise<TemplateEntity | null> {
    return this.templates().findOneBy({ name });
  }

  /** Inserts it; false where the name is taken. */
  async insert(template: TemplateEntity): Promise<boolean> {
    const rows = await this.dataSource.query<unknown[]>(
      `INSERT INTO templates (name, description, profile, preset, owner_id, created_at, updated_at)
       VALUES ($1, $2, $3, $4, $5, $6, $7) ON CONFLICT DO NOTHING RETURNING name`,
      [
        template.name,
        template.description,
        template.profile,
        JSON.stringify(template.preset),
        template.ownerId,
        template.createdAt,
        template.updatedAt,
      ],
    );
    return rows.length === 1;
  }

  async update(template: TemplateEntity): Promise<void> {
    await this.templates().save(template);
  }

  async remove(name: string): Promise<void> {
    await this.templates().delete({ name });
  }

  private templates(): Repository<TemplateEntity> {
    return this.dataSource.getRepository(TemplateEntity);
  }
}
